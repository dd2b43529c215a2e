#include "server/redis/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <array>

namespace cadenza::redis {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// What a server answered while signing in, without its words: they might repeat ours.
Error refused(std::string_view step, const Reply& reply) {
    constexpr std::array known{"WRONGPASS", "NOAUTH", "NOPERM", "LOADING", "MASTERDOWN", "BUSY", "ERR"};
    std::string why = "an unexpected reply";
    for (const std::string_view code : known)
        if (error_code(reply) == code) why = code;
    return {Errc::storage_failed, "redis: " + std::string(step) + " refused: " + why};
}

}  // namespace

struct Connection::Waiter {
    Waiter(const asio::any_io_executor& executor, server::Deadline deadline) : wake(executor, deadline) {}

    void settle(Result<Reply> with) {
        result.emplace(std::move(with));
        wake.cancel();
    }

    asio::steady_timer wake;
    std::optional<Result<Reply>> result;
};

Connection::Connection(const asio::any_io_executor& executor, Setup setup)
    : executor_(executor), setup_(std::move(setup)), stream_(executor), closed_(executor) {}

asio::awaitable<Result<std::shared_ptr<Connection>>> Connection::open(asio::any_io_executor executor,
                                                                      Setup setup) {
    const auto deadline = Clock::now() + setup.timeouts.connect;
    auto connection = std::make_shared<Connection>(executor, std::move(setup));
    const auto& way = connection->setup_;
    auto status = co_await connection->stream_.connect(way.address, way.tls, deadline);
    if (!status) co_return status.error();
    connection->open_ = true;
    connection->last_used_ = Clock::now();
    asio::co_spawn(executor, connection->read_replies(), asio::detached);
    status = co_await connection->sign_in(deadline);
    if (!status) {
        connection->close(status.error());
        co_return status.error();
    }
    asio::co_spawn(executor, connection->ping_when_idle(), asio::detached);
    co_return connection;
}

asio::awaitable<Status> Connection::sign_in(server::Deadline deadline) {
    struct Step {
        std::vector<std::string> words;
        bool optional{};  // refused by an ACL, or by a Redis that cannot save and therefore only reads
    };
    std::vector<Step> steps;
    const auto& [user, password] = setup_.credentials;
    if (!user.empty()) steps.push_back({{"AUTH", user, password.reveal()}});
    if (user.empty() && !password.empty()) steps.push_back({{"AUTH", password.reveal()}});
    if (setup_.database != 0) steps.push_back({{"SELECT", std::to_string(setup_.database)}});
    if (!setup_.name.empty()) steps.push_back({{"CLIENT", "SETNAME", setup_.name}, true});
    // Tells apart a server that is there and one that still loads its data.
    steps.push_back({{"PING"}, true});
    for (auto& [words, optional] : steps) {
        const auto step = words.front();
        const auto reply = co_await exchange(std::move(words), deadline, false);
        if (!reply) co_return reply.error();
        const auto problem = error_code(*reply);
        const bool harmless = optional && (problem == "NOPERM" || problem == "MISCONF");
        if (reply->kind == Reply::Kind::error && !harmless) co_return refused(step, *reply);
    }
    co_return Status{};
}

asio::awaitable<Result<Reply>> Connection::run(std::vector<std::string> words, Sent sent) {
    const auto self = shared_from_this();
    const auto limit = Clock::now() + setup_.timeouts.command;
    auto reply = co_await exchange(std::move(words), std::min(limit, sent.deadline), sent.asking);
    // A server that is silent for so long may be silent for good.
    if (!reply && reply.error().code == Errc::timed_out && Clock::now() >= limit) close(reply.error());
    co_return reply;
}

asio::awaitable<Result<Reply>> Connection::exchange(std::vector<std::string> words, server::Deadline deadline,
                                                    bool asking) {
    const auto self = shared_from_this();
    if (!open_) co_return reason_;
    const auto bytes = format(words);
    if (!bytes) co_return bytes.error();
    if (asking) enqueue(*format({"ASKING"}), deadline);
    const auto waiter = enqueue(*bytes, deadline);
    last_used_ = Clock::now();
    if (!writing_) asio::co_spawn(executor_, write_commands(), asio::detached);
    if (!waiter->result) co_await waiter->wake.async_wait(as_result);
    if (!waiter->result) co_return Error{Errc::timed_out, "redis: no reply in time"};
    co_return std::move(*waiter->result);
}

std::shared_ptr<Connection::Waiter> Connection::enqueue(const std::string& bytes, server::Deadline deadline) {
    outgoing_ += bytes;
    return waiting_.emplace_back(std::make_shared<Waiter>(executor_, deadline));
}

asio::awaitable<void> Connection::write_commands() {
    const auto self = shared_from_this();
    writing_ = true;
    while (open_ && !outgoing_.empty()) {
        const auto batch = std::exchange(outgoing_, {});
        const auto [ec, size] = co_await stream_.write(asio::buffer(batch));
        if (ec) close({Errc::storage_failed, "redis: write: " + ec.message()});
    }
    writing_ = false;
}

asio::awaitable<void> Connection::read_replies() {
    const auto self = shared_from_this();
    ReplyReader reader;
    std::vector<char> chunk(16UL * 1024);
    while (open_) {
        const auto [ec, size] = co_await stream_.read_some(asio::buffer(chunk));
        if (ec) {
            close({Errc::storage_failed, "redis: read: " + ec.message()});
            co_return;
        }
        reader.feed({chunk.data(), size});
        while (open_) {
            auto reply = reader.next();
            if (reply && !*reply) break;
            const auto status = reply ? deliver(std::move(**reply)) : Status(reply.error());
            if (!status) close(status.error());
        }
    }
}

Status Connection::deliver(Reply reply) {
    if (receive_ && reply.items.size() == 3 && reply.items.front().text == "message") {
        receive_(reply);
        return {};
    }
    if (waiting_.empty()) return Error{Errc::storage_failed, "redis: a reply nobody asked for"};
    const auto waiter = waiting_.front();
    waiting_.pop_front();
    waiter->settle(std::move(reply));
    return {};
}

asio::awaitable<void> Connection::ping_when_idle() {
    const auto self = shared_from_this();
    while (open_) {
        const auto due = last_used_ + setup_.timeouts.ping_after;
        if (due > Clock::now())
            co_await closed_.wait(due);
        else
            co_await run({"PING"}, {.deadline = server::Deadline::max()});
    }
}

asio::awaitable<Error> Connection::closed() {
    const auto self = shared_from_this();
    while (open_) co_await closed_.wait(server::Deadline::max());
    co_return reason_;
}

void Connection::close(Error reason) {
    if (!open_) return;
    open_ = false;
    reason_ = {Errc::storage_failed, std::move(reason.detail)};
    stream_.close();
    for (const auto& waiter : std::exchange(waiting_, {})) waiter->settle(reason_);
    closed_.notify();
}

}  // namespace cadenza::redis
