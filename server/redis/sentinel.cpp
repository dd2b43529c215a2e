#include "server/redis/sentinel.hpp"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace cadenza::redis {
namespace {

// A third of a connection's time for each sentinel: one that is gone must not use up the time of the others.
Connection::Setup sentinel_setup(const Options& options, const Address& address) {
    auto timeouts = options.timeouts;
    timeouts.connect /= 3;
    return {.address = address,
            .tls = options.tls,
            .credentials = options.sentinel_credentials,
            .name = options.client_name,
            .timeouts = timeouts};
}

Connection::Setup master_setup(const Options& options, const Address& address) {
    return {.address = address,
            .tls = options.tls,
            .credentials = options.credentials,
            .database = options.database,
            .name = options.client_name,
            .timeouts = options.timeouts};
}

server::Deadline time_for(const Options& options) {
    return std::chrono::steady_clock::now() + options.timeouts.command;
}

Error failure(std::string text) { return {Errc::storage_failed, "redis: sentinel: " + std::move(text)}; }

Result<Address> address_in(const Reply& reply, const Options& options) {
    if (reply.kind == Reply::Kind::nil) return failure("does not know " + options.master);
    if (reply.kind == Reply::Kind::error) return failure(std::string(error_code(reply)));
    Address out;
    if (reply.items.size() == 2) {
        out.host = reply.items[0].text;
        const auto& port = reply.items[1].text;
        std::from_chars(port.data(), port.data() + port.size(), out.port);
    }
    if (out.host.empty() || out.port == 0) return failure("names no address");
    return out;
}

asio::awaitable<Result<Address>> ask_sentinel(asio::any_io_executor executor, Options options,
                                              Address sentinel) {
    const auto connection = co_await Connection::open(executor, sentinel_setup(options, sentinel));
    if (!connection) co_return connection.error();
    const auto reply =
        co_await (*connection)
            ->run({"SENTINEL", "GET-MASTER-ADDR-BY-NAME", options.master}, {.deadline = time_for(options)});
    (*connection)->close(failure("asked"));
    if (!reply) co_return reply.error();
    co_return address_in(*reply, options);
}

// A sentinel may be behind the times; the server itself knows what it is.
asio::awaitable<Result<std::shared_ptr<Connection>>> open_master(asio::any_io_executor executor,
                                                                 Options options, Address address) {
    auto connection = co_await Connection::open(executor, master_setup(options, address));
    if (!connection) co_return connection;
    const auto role = co_await (*connection)->run({"ROLE"}, {.deadline = time_for(options)});
    const bool forbidden = role && error_code(*role) == "NOPERM";
    if (forbidden || (role && !role->items.empty() && role->items.front().text == "master"))
        co_return connection;
    const auto error = role ? failure(to_text(address) + " is no master") : role.error();
    (*connection)->close(error);
    co_return error;
}

struct Search {
    asio::any_io_executor executor;
    Options options;  // the sentinels in the order to ask them
};

asio::awaitable<Result<std::shared_ptr<Connection>>> find_master(std::shared_ptr<Search> search) {
    Error last = failure("none to ask");
    for (const auto& sentinel : std::vector(search->options.addresses)) {
        const auto address = co_await ask_sentinel(search->executor, search->options, sentinel);
        if (!address) {
            last = address.error();
            continue;
        }
        auto connection = co_await open_master(search->executor, search->options, *address);
        if (!connection) {
            last = connection.error();
            continue;
        }
        auto& order = search->options.addresses;
        const auto found = std::find(order.begin(), order.end(), sentinel);
        std::rotate(order.begin(), found, found + 1);
        co_return connection;
    }
    co_return last;
}

// "mymaster 10.0.0.1 6379 10.0.0.2 6379": whether it says that the master of that name is elsewhere now.
bool is_elsewhere(const std::string& news, const std::string& master, const Address& current) {
    std::istringstream words(news);
    std::string name;
    std::string old_host;
    std::string host;
    int old_port{};
    int port{};
    words >> name >> old_host >> old_port >> host >> port;
    return name == master && (host != current.host || port != current.port);
}

// Subscribes at the first sentinel that can be reached.
Link::Dial dial_news(const asio::any_io_executor& executor, const Options& options,
                     const std::weak_ptr<Link>& master) {
    return [executor, options, master]() -> asio::awaitable<Result<std::shared_ptr<Connection>>> {
        Error last = failure("none to listen to");
        for (const auto& sentinel : options.addresses) {
            auto connection = co_await Connection::open(executor, sentinel_setup(options, sentinel));
            if (!connection) {
                last = connection.error();
                continue;
            }
            (*connection)->on_message([master, name = options.master](const Reply& message) {
                const auto link = master.lock();
                const auto current = link ? link->current() : nullptr;
                if (current && is_elsewhere(message.items[2].text, name, current->address()))
                    current->close(failure("another server is the master"));
            });
            const auto reply =
                co_await (*connection)->run({"SUBSCRIBE", "+switch-master"}, {.deadline = time_for(options)});
            if (reply && reply->kind == Reply::Kind::array) co_return connection;
            last = reply ? failure(std::string(error_code(*reply))) : reply.error();
            (*connection)->close(last);
        }
        co_return last;
    };
}

}  // namespace

Link::Dial dial_master(const asio::any_io_executor& executor, const Options& options) {
    return [search = std::make_shared<Search>(Search{executor, options})] { return find_master(search); };
}

SentinelClient::SentinelClient(const asio::any_io_executor& executor, const Options& options,
                               const Jitter& jitter, Observer observer)
    : MasterClient(executor, dial_master(executor, options), options.timeouts, jitter, std::move(observer)),
      news_(std::make_shared<Link>(executor, dial_news(executor, options, link()), options.timeouts, jitter,
                                   Observer{})) {
    news_->start();
}

SentinelClient::~SentinelClient() { news_->stop(); }

}  // namespace cadenza::redis
