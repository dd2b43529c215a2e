#include "server/spotify/shared_epochs.hpp"

#include "server/base/crypto.hpp"
#include "server/redis/script.hpp"
#include "server/spotify/response_cache.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace cadenza::server {
namespace {

using Steady = std::chrono::steady_clock;
using Kind = redis::Reply::Kind;

constexpr std::chrono::milliseconds command_time{250};
constexpr std::chrono::milliseconds rest{1'000};  // after a command that failed
constexpr std::chrono::minutes slack{5};          // a read that is under way is kept later
const std::string ttl_ms = std::to_string(longest_kept_ms + 3'600'000);

// KEYS the account's; ARGV kind, a new epoch, for how long (ms). Of two who begin one, one does.
const redis::Script begin(R"(
local epoch = redis.call('HGET', KEYS[1], ARGV[1])
if not epoch then
  epoch = ARGV[2]
  redis.call('HSET', KEYS[1], ARGV[1], epoch)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return epoch)");

// How long others may serve what was kept before.
std::chrono::milliseconds matters_for(std::optional<Kept> kind) {
    if (!kind || *kind == Kept::playlist_items) return std::chrono::milliseconds(longest_kept_ms) + slack;
    return std::chrono::milliseconds(kept_ms(*kind)) + slack;
}

std::string field_of(Kept kind) { return std::to_string(static_cast<int>(kind)); }

}  // namespace

struct SharedEpochs::State {
    // Of an account; nullopt: all its kinds.
    using Ending = std::pair<std::string, std::optional<Kept>>;

    State(asio::any_io_executor on, redis::Client& client, std::string names, const Log& to)
        : executor(std::move(on)), redis(client), prefix(std::move(names)), log(to) {}

    bool rests() const { return Steady::now() < rests_until; }
    std::string key_of(const std::string& account) const { return prefix + "epoch:" + account; }

    // `began`: an epoch was begun, or should have been. A full Redis refuses that alone, and is not back
    // because it does the rest.
    bool heard(const Result<redis::Reply>& reply, bool began = false) {
        const bool ok = reply && reply->kind != Kind::error;
        rests_until = ok ? Steady::time_point{} : Steady::now() + rest;
        if (began) takes_none = reply && !ok;
        if (ok && takes_none) return ok;
        if (ok == std::exchange(answers, ok)) return ok;
        if (ok)
            log.info("epochs_shared");
        else
            log.warn("epochs_not_shared", {{"error", reply ? reply->text : reply.error().detail}});
        return ok;
    }

    // Needs no memory of Redis, so one that is full takes it.
    asio::awaitable<bool> tell(Ending ending) {
        const auto key = key_of(ending.first);
        redis::Command command{.words = {"DEL", key}, .key = key, .repeatable = true};
        if (ending.second) command.words = {"HDEL", key, field_of(*ending.second)};
        co_return heard(co_await redis.run(std::move(command), Steady::now() + command_time));
    }

    static asio::awaitable<void> tell_again(std::shared_ptr<State> self) {
        asio::steady_timer pause(self->executor);
        while (!self->untold.empty()) {
            pause.expires_after(rest);
            co_await pause.async_wait(asio::use_awaitable);
            const auto now = Steady::now();
            std::erase_if(self->untold, [&](const auto& one) { return one.second <= now; });
            bool told = true;
            for (auto waiting = std::exchange(self->untold, {}); !waiting.empty();) {
                const auto [ending, until] = *waiting.begin();
                waiting.erase(waiting.begin());
                told = told && co_await self->tell(ending);
                if (told) continue;
                auto& kept = self->untold[ending];  // it may have failed once more meanwhile
                kept = std::max(kept, until);
            }
        }
        self->telling = false;
    }

    static asio::awaitable<void> end(std::shared_ptr<State> self, Ending ending) {
        if (co_await self->tell(ending)) co_return;
        if (ending.second == Kept::never) co_return;  // only reads under way are shared by it
        self->untold[ending] = Steady::now() + matters_for(ending.second);
        if (!std::exchange(self->telling, true))
            asio::co_spawn(self->executor, tell_again(self), asio::detached);
    }

    asio::any_io_executor executor;
    redis::Client& redis;
    std::string prefix;
    const Log& log;
    bool answers{true};
    bool takes_none{};  // no new epoch
    Steady::time_point rests_until;
    std::map<Ending, Steady::time_point> untold;  // and until when that matters
    bool telling{};
};

SharedEpochs::SharedEpochs(asio::any_io_executor executor, redis::Client& redis, std::string prefix,
                           const Log& log)
    : state_(std::make_shared<State>(std::move(executor), redis, std::move(prefix), log)) {}

asio::awaitable<std::optional<std::string>> SharedEpochs::of(std::string account, Kept kind) {
    const auto state = state_;
    if (state->rests()) co_return std::nullopt;
    const auto key = state->key_of(account);
    const auto until = Steady::now() + command_time;
    auto reply = co_await state->redis.run(
        {.words = {"HGET", key, field_of(kind)}, .key = key, .repeatable = true}, until);
    const bool begins = reply && reply->kind == Kind::nil;
    if (begins)
        reply = co_await redis::run_script(
            state->redis, begin,
            {.keys = {key}, .arguments = {field_of(kind), random_token(12), ttl_ms}, .repeatable = true},
            until);
    if (!state->heard(reply, begins) || reply->kind != Kind::text) co_return std::nullopt;
    co_return std::move(reply->text);
}

asio::awaitable<void> SharedEpochs::end(std::string account, Kept kind) {
    const auto state = state_;
    if (kind == Kept::never && state->rests()) co_return;
    co_await State::end(state, {std::move(account), kind});
}

asio::awaitable<void> SharedEpochs::end_all(std::string account) {
    co_await State::end(state_, {std::move(account), std::nullopt});
}

}  // namespace cadenza::server
