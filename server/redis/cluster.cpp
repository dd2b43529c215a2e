#include "server/redis/cluster.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>

namespace cadenza::redis {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int most_redirections = 5;
// Many commands meet the same move at once.
constexpr std::chrono::milliseconds between_readings{50};

}  // namespace

Cluster::Cluster(const asio::any_io_executor& executor, Options options, Jitter jitter, Observer observer)
    : executor_(executor),
      options_(std::move(options)),
      jitter_(std::move(jitter)),
      observer_(std::move(observer)),
      read_(executor) {}

void Cluster::start() { refresh_in_background(); }

void Cluster::stop() {
    stopped_ = true;
    failures_ = 1;
    problem_ = {Errc::storage_failed, "redis: closed"};
    for (const auto& [node, link] : links_) link->stop();
    read_.notify();
}

asio::awaitable<Result<Reply>> Cluster::run(Command command, server::Deadline deadline) {
    const auto self = shared_from_this();
    const auto slot =
        command.key.empty() ? static_cast<std::uint16_t>(jitter_() * slot_count) : slot_of(command.key);
    Errand errand{.command = std::move(command),
                  .deadline = deadline,
                  .patience = Patience(options_.timeouts, deadline, jitter_),
                  .slot = slot};
    for (;;) {
        const auto connection = co_await connection_for(errand);
        if (!connection) co_return connection.error();
        const bool asking = std::exchange(errand.asking, false);
        auto reply =
            co_await (*connection)->run(errand.command.words, {.deadline = deadline, .asking = asking});
        if (reply) {
            auto verdict = co_await judge(errand, std::move(*reply), (*connection)->address());
            if (verdict) co_return std::move(*verdict);
        } else {
            refresh_in_background();
            if (!errand.command.repeatable || errand.again) co_return reply;
            errand.again = true;
        }
    }
}

// Errors: storage_failed when no node has the slot, or none can be asked.
asio::awaitable<Result<Address>> Cluster::place_of(Errand& errand) {
    if (errand.next) co_return *std::exchange(errand.next, std::nullopt);
    for (;;) {
        const auto* const master = map_ ? map_->master_of(errand.slot) : nullptr;
        if (master) co_return *master;
        // A cluster being made or mended has slots without a node for a while.
        const bool waited = !map_ || co_await errand.patience.pause();
        if (!waited) co_return Error{Errc::storage_failed, "redis: no node has the slot"};
        const auto status = co_await refresh(errand.deadline);
        if (!status) co_return status.error();
    }
}

asio::awaitable<Result<std::shared_ptr<Connection>>> Cluster::connection_for(Errand& errand) {
    const auto place = co_await place_of(errand);
    if (!place) co_return place.error();
    auto connection = co_await link_to(*place)->connection(errand.deadline);
    if (connection || connection.error().code == Errc::timed_out) co_return connection;
    // The node is out of reach; another may have taken its place.
    errand.asking = false;
    if (const auto status = co_await refresh(errand.deadline); !status) co_return status.error();
    const auto other = co_await place_of(errand);
    if (!other || *other == *place) co_return connection;
    co_return co_await link_to(*other)->connection(errand.deadline);
}

asio::awaitable<std::optional<Result<Reply>>> Cluster::judge(Errand& errand, Reply reply,
                                                             const Address& from) {
    const auto verdict = verdict_on(reply);
    if (verdict == Verdict::answer) co_return std::move(reply);
    if (verdict == Verdict::wait) {
        if (!co_await errand.patience.pause()) co_return state_error(reply);
        refresh_in_background();
        co_return std::nullopt;
    }
    if (++errand.redirections > most_redirections) co_return state_error(reply);
    if (verdict == Verdict::elsewhere) {
        if (const auto status = co_await refresh(errand.deadline); !status) co_return status.error();
        co_return std::nullopt;
    }
    const auto redirection = redirection_in(reply.text, from);
    if (!redirection) co_return state_error(reply);
    errand.next = redirection->to;
    errand.asking = verdict == Verdict::ask;
    if (verdict == Verdict::moved) {
        if (map_) map_->move(redirection->slot, redirection->to);
        refresh_in_background();
    }
    co_return std::nullopt;
}

asio::awaitable<Status> Cluster::refresh(server::Deadline deadline) {
    refresh_in_background();
    // Nobody waits for a cluster that is known to be out of reach.
    while (reading_ && failures_ == 0) {
        if (Clock::now() >= deadline)
            co_return Error{Errc::timed_out, "redis: still reading the cluster's map"};
        co_await read_.wait(deadline);
    }
    if (failures_ > 0) co_return problem_;
    co_return Status{};
}

void Cluster::refresh_in_background() {
    if (stopped_ || reading_ || Clock::now() < next_reading_) return;
    reading_ = true;
    // The loop may come to it after the client is gone.
    asio::co_spawn(executor_, [self = shared_from_this()] { return self->read_map(); }, asio::detached);
}

asio::awaitable<void> Cluster::read_map() {
    Result<ClusterMap> map = Error{Errc::storage_failed, "redis: no node to ask"};
    for (const auto& node : nodes_to_ask()) {
        map = co_await read_map_from(node);
        if (map || stopped_) break;
    }
    reading_ = false;
    if (!stopped_) adopt(std::move(map));
    read_.notify();
}

asio::awaitable<Result<ClusterMap>> Cluster::read_map_from(Address node) {
    const auto found = links_.find(node);
    auto connection = found == links_.end() ? nullptr : found->second->current();
    const bool borrowed = connection && connection->is_open();
    if (!borrowed) {
        auto setup = setup_for(node);
        setup.timeouts.connect /= 3;  // one that is gone must not use up the time for the others
        auto opened = co_await Connection::open(executor_, std::move(setup));
        if (!opened) co_return opened.error();
        connection = *opened;
    }
    const auto reply = co_await connection->run({"CLUSTER", "SLOTS"},
                                                {.deadline = Clock::now() + options_.timeouts.command});
    if (!borrowed) connection->close({Errc::storage_failed, "redis: asked"});
    if (!reply) co_return reply.error();
    co_return ClusterMap::read(*reply, node);
}

// Those we are connected to first, then all others we have heard of; each time in another order, because one
// cut off from the rest would tell the same old story again.
std::vector<Address> Cluster::nodes_to_ask() const {
    std::vector<Address> known;
    if (map_) known = map_->masters();
    for (const auto& seed : options_.addresses)
        if (std::find(known.begin(), known.end(), seed) == known.end()) known.push_back(seed);
    const auto shift = static_cast<std::ptrdiff_t>(jitter_() * static_cast<double>(known.size()));
    std::rotate(known.begin(), known.begin() + shift, known.end());
    std::partition(known.begin(), known.end(), [this](const Address& node) {
        const auto found = links_.find(node);
        return found != links_.end() && found->second->current() != nullptr;
    });
    return known;
}

void Cluster::adopt(Result<ClusterMap> map) {
    const bool was_up = map_ && failures_ == 0;
    const bool was_told = failures_ > 0;
    failures_ = map ? 0 : failures_ + 1;
    const auto pause =
        map ? between_readings
            : std::min(retry_pause(options_.timeouts, failures_, jitter_()), options_.timeouts.retry_wanted);
    next_reading_ = Clock::now() + pause;
    if (!map) {
        problem_ = map.error();
        if (!was_told && observer_) observer_(Transition::lost, problem_.detail);
        return;
    }
    map_ = std::move(*map);
    std::erase_if(links_, [this](const auto& entry) {
        const auto& masters = map_->masters();
        const bool is_gone = entry.second->is_down() &&
                             std::find(masters.begin(), masters.end(), entry.first) == masters.end();
        if (is_gone) entry.second->stop();
        return is_gone;
    });
    if (!was_up && observer_) observer_(Transition::connected, to_text(map_->masters().front()));
}

std::shared_ptr<Link> Cluster::link_to(const Address& node) {
    auto& link = links_[node];
    if (!link) {
        link = std::make_shared<Link>(
            executor_,
            [executor = executor_, setup = setup_for(node)] { return Connection::open(executor, setup); },
            options_.timeouts, jitter_, Observer{});
        link->start();
    }
    return link;
}

Connection::Setup Cluster::setup_for(const Address& node) const {
    return {.address = node,
            .tls = options_.tls,
            .credentials = options_.credentials,
            .name = options_.client_name,
            .timeouts = options_.timeouts};
}

ClusterClient::ClusterClient(const asio::any_io_executor& executor, const Options& options, Jitter jitter,
                             Observer observer)
    : cluster_(std::make_shared<Cluster>(executor, options, std::move(jitter), std::move(observer))) {
    cluster_->start();
}

// NOLINTNEXTLINE(bugprone-exception-escape): throws only for a closed context
ClusterClient::~ClusterClient() { cluster_->stop(); }

asio::awaitable<Result<Reply>> ClusterClient::run(Command command, server::Deadline deadline) {
    return cluster_->run(std::move(command), deadline);
}

}  // namespace cadenza::redis
