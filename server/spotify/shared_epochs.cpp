#include "server/spotify/shared_epochs.hpp"

#include "server/base/crypto.hpp"
#include "server/redis/script.hpp"
#include "server/spotify/response_cache.hpp"
#include "server/spotify/store_health.hpp"

#include <map>
#include <utility>

namespace cadenza::server {
namespace {

using Steady = std::chrono::steady_clock;
using Kind = redis::Reply::Kind;

constexpr std::chrono::minutes slack{5};  // a read that is under way is kept later
const std::string ttl_ms = std::to_string(longest_kept_ms + 3'600'000);

// KEYS the account's; ARGV kind, a new epoch, for how long (ms). Of two who begin one, one does. It always
// writes, also what is there: a Redis that refuses writes would not be told the end of an epoch either.
const redis::Script read_or_begin(R"(
local epoch = redis.call('HGET', KEYS[1], ARGV[1]) or ARGV[2]
redis.call('HSET', KEYS[1], ARGV[1], epoch)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return epoch)");

// How long others may serve what was kept before.
std::chrono::milliseconds matters_for(std::optional<Kept> kind) {
    if (!kind || *kind == Kept::playlist_items) return std::chrono::milliseconds(longest_kept_ms) + slack;
    return std::chrono::milliseconds(kept_ms(*kind)) + slack;
}

bool taken(const Result<redis::Reply>& reply) { return reply && reply->kind != Kind::error; }

std::string field_of(Kept kind) { return std::to_string(static_cast<int>(kind)); }

}  // namespace

struct SharedEpochs::State {
    // Of an account; nullopt: all its kinds.
    using Ending = std::pair<std::string, std::optional<Kept>>;

    State(asio::any_io_executor on, redis::Client& client, std::string names, const Log& to)
        : executor(std::move(on)), redis(client), prefix(std::move(names)), log(to) {}

    std::string key_of(const std::string& account) const { return prefix + "epoch:" + account; }

    void heard(const Result<redis::Reply>& reply) {
        const bool ok = taken(reply);
        if (!health.heard(ok)) return;
        if (ok)
            log.info("epochs_shared");
        else
            log.warn("epochs_not_shared", {{"error", reply ? reply->text : reply.error().detail}});
    }

    // Needs no memory of Redis, so one that is full takes it: that it does is no sign of health.
    asio::awaitable<Result<redis::Reply>> tell(Ending ending) {
        const auto key = key_of(ending.first);
        redis::Command command{.words = {"DEL", key}, .key = key, .repeatable = true};
        if (ending.second) command.words = {"HDEL", key, field_of(*ending.second)};
        co_return co_await redis.run(std::move(command), StoreHealth::soon());
    }

    // Each by itself: the node of a cluster that has this key may be out, and the others not.
    static asio::awaitable<void> tell_again(std::shared_ptr<State> self, Ending ending) {
        asio::steady_timer pause(self->executor);
        for (bool over = false; !over;) {
            pause.expires_after(StoreHealth::rest);
            co_await pause.async_wait(asio::use_awaitable);
            const auto until = self->untold.at(ending);
            over = until <= Steady::now() || taken(co_await self->tell(ending));
            if (self->untold.at(ending) != until) over = false;  // it failed once more meanwhile
        }
        self->untold.erase(ending);
    }

    static asio::awaitable<void> end(std::shared_ptr<State> self, Ending ending) {
        const auto reply = co_await self->tell(ending);
        if (taken(reply)) co_return;
        self->heard(reply);
        const auto until = Steady::now() + matters_for(ending.second);
        if (self->untold.insert_or_assign(ending, until).second)
            asio::co_spawn(self->executor, tell_again(self, ending), asio::detached);
    }

    asio::any_io_executor executor;
    redis::Client& redis;
    std::string prefix;
    const Log& log;
    StoreHealth health;
    std::map<Ending, Steady::time_point> untold;  // and until when that matters
};

SharedEpochs::SharedEpochs(asio::any_io_executor executor, redis::Client& redis, std::string prefix,
                           const Log& log)
    : state_(std::make_shared<State>(std::move(executor), redis, std::move(prefix), log)) {}

asio::awaitable<std::optional<std::string>> SharedEpochs::of(std::string account, Kept kind) {
    const auto state = state_;
    if (state->health.rests()) co_return std::nullopt;
    auto reply = co_await redis::run_script(state->redis, read_or_begin,
                                            {.keys = {state->key_of(account)},
                                             .arguments = {field_of(kind), random_token(12), ttl_ms},
                                             .repeatable = true},
                                            StoreHealth::soon());
    state->heard(reply);
    if (!reply || reply->kind != Kind::text) co_return std::nullopt;
    co_return std::move(reply->text);
}

asio::awaitable<void> SharedEpochs::end(std::string account, Kept kind) {
    co_await State::end(state_, {std::move(account), kind});
}

asio::awaitable<void> SharedEpochs::end_all(std::string account) {
    co_await State::end(state_, {std::move(account), std::nullopt});
}

}  // namespace cadenza::server
