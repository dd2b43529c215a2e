#include "server/end_sessions.hpp"

#include "server/base/clock.hpp"
#include "server/redis/connect.hpp"
#include "server/session/redis_session_store.hpp"
#include "server/session/sid.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <array>
#include <cstdio>

namespace cadenza::server {
namespace {

// How many there were.
asio::awaitable<Result<std::size_t>> end_all(RedisSessionStore& store, std::array<std::string, 2> accounts) {
    std::size_t count = 0;
    for (const auto& account : accounts) {
        const auto listed = co_await store.list(account, system_now());
        if (!listed) co_return listed.error();
        count += listed->size();
        if (auto erased = co_await store.erase_account(account); !erased) co_return erased.error();
    }
    co_return count;
}

int refuse(const char* why) {
    std::fprintf(stderr, "cadenza-server: %s\n", why);
    return 1;
}

}  // namespace

int end_sessions(const Config& config, const std::string& user) {
    if (config.session_store == SessionStoreKind::memory)
        return refuse("sessions are in the server's memory: restarting it ends all of them");
    if (config.session_store == SessionStoreKind::cookie)
        return refuse("sessions are in the users' cookies: new SESSION_KEYS end all of them");
    asio::io_context context(1);
    const Log log(Level::warn, LogFormat::text,
                  [](std::string_view line) { std::fwrite(line.data(), 1, line.size(), stderr); });
    // They open browsers' names, which nobody sees here.
    const KeyRing keys = config.session_keys.empty() ? KeyRing::fresh() : KeyRing(config.session_keys);
    const auto redis =
        redis::connect(context.get_executor(), *config.redis, [](redis::Transition, std::string_view) {});
    RedisSessionStore store(*redis, keys, log,
                            {.lifetimes = {config.session_idle, config.session_absolute},
                             .command_time = std::chrono::seconds(5)});
    Result<std::size_t> ended = Error{};
    // What watches Redis goes on, so the context is never without work.
    const auto run = [&]() -> asio::awaitable<void> {
        ended = co_await end_all(store, {user, account_key(config.client_secret, user)});
        context.stop();
    };
    asio::co_spawn(context, run, asio::detached);
    context.run();
    if (!ended) return refuse(("Redis: " + ended.error().detail).c_str());
    std::printf("%zu session%s ended\n", *ended, *ended == 1 ? "" : "s");
    if (*ended == 0)
        std::fputs(
            "Sessions from before SPOTIFY_CLIENT_SECRET was changed: give the account of an older log "
            "line.\n",
            stderr);
    return 0;
}

}  // namespace cadenza::server
