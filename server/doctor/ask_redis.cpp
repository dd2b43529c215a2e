#include "server/base/clock.hpp"
#include "server/doctor/asking.hpp"
#include "server/redis/connect.hpp"

#include <charconv>

namespace cadenza::server::doctor {
namespace {

constexpr std::chrono::seconds patience(3);

class Asking {
public:
    Asking(redis::Client& client, RedisFacts& facts) : client_(client), facts_(facts) {}

    // The time of the fastest of some PINGs: the first has to wait for the connection.
    asio::awaitable<Status> ping() {
        for (int i = 0; i < 4; ++i) {
            const auto begun = std::chrono::steady_clock::now();
            const auto reply = co_await run({"PING"});
            if (!reply) co_return reply.error();
            const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::steady_clock::now() - begun);
            if (i == 0 || took < facts_.latency) facts_.latency = took;
        }
        co_return Status{};
    }

    asio::awaitable<void> info(std::string section) {
        const auto reply = co_await run({"INFO", std::move(section)});
        if (reply && !withheld(*reply)) take_info(facts_, reply->text);
    }

    asio::awaitable<void> setting(std::string name) {
        const auto reply = co_await run({"CONFIG", "GET", name});
        if (!reply || withheld(*reply) || reply->items.size() != 2) co_return;
        facts_.said.insert_or_assign(std::move(name), reply->items[1].text);
    }

    asio::awaitable<void> time() {
        const auto before = system_now();
        const auto reply = co_await run({"TIME"});
        const auto middle = before + (system_now() - before) / 2;
        if (!reply || reply->items.size() != 2) co_return;
        std::int64_t seconds = 0;
        const auto& text = reply->items[0].text;
        if (std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc()) co_return;
        constexpr std::int64_t half_a_second = 500;  // what the seconds leave out, on average
        facts_.ahead = std::chrono::milliseconds(middle - seconds * 1000 - half_a_second);
    }

private:
    asio::awaitable<Result<redis::Reply>> run(std::vector<std::string> words) {
        co_return co_await client_.run({.words = std::move(words), .key = {}, .repeatable = true},
                                       std::chrono::steady_clock::now() + patience);
    }

    // Errors of Redis name a command and who asked, no secret: "NOPERM this user has no permissions …".
    bool withheld(const redis::Reply& reply) {
        if (reply.kind != redis::Reply::Kind::error) return false;
        facts_.withheld = reply.text;
        return true;
    }

    redis::Client& client_;
    RedisFacts& facts_;
};

}  // namespace

asio::awaitable<RedisFacts> ask_redis(asio::any_io_executor executor, redis::Options options) {
    RedisFacts facts;
    // What watches the connection may outlive us.
    const auto lost = std::make_shared<std::string>();
    const auto client = redis::connect(
        executor, options, [lost](redis::Transition, std::string_view why) { *lost = std::string(why); });
    Asking asking(*client, facts);
    if (const auto answered = co_await asking.ping(); !answered) {
        facts.unreachable = lost->empty() ? answered.error().detail : *lost;
        co_return facts;
    }
    for (const char* section : {"server", "persistence", "replication", "memory"})
        co_await asking.info(section);
    co_await asking.setting("save");
    co_await asking.time();
    co_return facts;
}

}  // namespace cadenza::server::doctor
