#include "server/session/redis_session_store.hpp"

#include "server/base/crypto.hpp"
#include "server/session/redis_scripts.hpp"
#include "server/session/session_text.hpp"
#include "server/session/sid.hpp"

#include <algorithm>

namespace cadenza::server {
namespace {

constexpr char format_version = 1;

std::string tag_of(const std::string& key) { return key.substr(0, account_tag_size); }
std::string hash_of(const std::string& key) { return key.substr(account_tag_size); }

std::string name_of(const std::string& tag, const std::string& rest) {
    return "cadenza:1:{" + tag + "}:" + rest;
}
std::string session_name(const std::string& key) { return name_of(tag_of(key), "s:" + hash_of(key)); }
std::string index_name(const std::string& tag) { return name_of(tag, "i"); }
std::string lease_name(const std::string& key) { return name_of(tag_of(key), "l:" + hash_of(key)); }
std::string mark_name(const std::string& key) { return name_of(tag_of(key), "m:" + hash_of(key)); }

std::string summary_purpose(const std::string& key) { return "session index " + key; }

std::string value_key(const Secret& sid) { return hkdf(sid.reveal(), "cadenza", "session value"); }
std::string value_context(const std::string& key, std::int64_t version) {
    return format_version + key + "." + std::to_string(version);
}

std::string seal_value(const Secret& sid, const std::string& key, const Session& session) {
    return format_version + seal(value_key(sid), to_text(session), value_context(key, session.version));
}

// Sealed by a key that is gone, or by a later version: it can still be seen, by its times, and be ended.
SessionSummary shown(const std::optional<std::string>& opened) {
    return (opened ? summary_from_text(*opened) : std::nullopt).value_or(SessionSummary{});
}

std::optional<std::int64_t> number(const std::string& text) {
    if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != text.npos)
        return std::nullopt;
    return std::stoll(text);
}

Status status_of(const Result<std::int64_t>& count) {
    if (!count) return count.error();
    return {};
}

std::string text_of(std::chrono::milliseconds time) {
    return std::to_string(std::max<std::int64_t>(time.count(), 1));
}

}  // namespace

asio::awaitable<Result<redis::Reply>> RedisSessionStore::run(std::vector<std::string> words,
                                                             std::string key) const {
    auto command = words.front();
    redis::Command sent{std::move(words), std::move(key), true};
    co_return accept(co_await redis_.run(std::move(sent), soon()), command);
}

asio::awaitable<Result<std::int64_t>> RedisSessionStore::evaluate(const redis::Script& script,
                                                                  std::vector<std::string> keys,
                                                                  std::vector<std::string> arguments) const {
    redis::ScriptCall call{std::move(keys), std::move(arguments), true};
    const auto reply = accept(co_await redis::run_script(redis_, script, std::move(call), soon()), "EVAL");
    if (!reply) co_return reply.error();
    co_return reply->integer;
}

Deadline RedisSessionStore::soon() const { return std::chrono::steady_clock::now() + options_.command_time; }

// To the caller a reply that came too late is no better than none.
Result<redis::Reply> RedisSessionStore::accept(Result<redis::Reply> reply, const std::string& command) const {
    health_.note(reply.has_value());
    if (!reply) return Error{Errc::storage_failed, reply.error().detail};
    if (reply->kind == redis::Reply::Kind::error)
        return Error{Errc::storage_failed, command + ": " + reply->text.substr(0, reply->text.find(' '))};
    return reply;
}

std::string RedisSessionStore::key_of(const Secret& ticket) const {
    return is_sid(ticket.reveal()) ? store_key(ticket.reveal()) : std::string();
}

std::string RedisSessionStore::summary(const std::string& key, const Session& session) const {
    return keys_.seal(to_text(summary_of(session)), summary_purpose(key));
}

std::optional<Session> RedisSessionStore::open_value(const Secret& sid, const std::string& key,
                                                     std::string value, std::int64_t version) {
    const auto* known = opened_.find(key, value);
    if (known && known->version == version) return *known;
    if (value.empty() || value.front() != format_version) return std::nullopt;
    const auto plain = open(value_key(sid), std::string_view(value).substr(1), value_context(key, version));
    auto session = plain ? session_from_text(*plain) : std::nullopt;
    if (!session) return std::nullopt;
    session->version = version;
    opened_.put(key, std::move(value), *session);
    return session;
}

asio::awaitable<Result<std::optional<FoundSession>>> RedisSessionStore::find(Secret ticket,
                                                                             std::int64_t now) {
    const auto key = key_of(ticket);
    if (key.empty()) co_return std::optional<FoundSession>{};
    const auto name = session_name(key);
    auto reply = co_await run({"HMGET", name, "ver", "used", "data"}, name);
    if (!reply) co_return reply.error();
    if (reply->items.size() != 3) co_return Error{Errc::storage_failed, "HMGET: unexpected reply"};
    const auto version = number(reply->items[0].text);
    const auto used = number(reply->items[1].text);
    if (!version || !used) {
        opened_.forget(key);
        co_return std::optional<FoundSession>{};
    }
    auto session = open_value(ticket, key, std::move(reply->items[2].text), *version);
    if (!session) co_return std::optional<FoundSession>{};
    session->last_used = *used;
    // Redis ends it by its own clock, too; the times in it decide.
    if (options_.lifetimes.over(*session, now)) {
        co_await expire(tag_of(key), {hash_of(key)});
        co_return std::optional<FoundSession>{};
    }
    if (options_.lifetimes.worth_noting(*session, now, options_.note_interval)) {
        session->last_used = now;
        co_await note_use(key, *session, now);  // the next one does it, should this fail
    }
    co_return std::optional<FoundSession>({key, std::move(*session), {}});
}

asio::awaitable<Status> RedisSessionStore::note_use(std::string key, Session session, std::int64_t now) {
    const auto left = options_.lifetimes.left(session, now);
    const auto noted = co_await evaluate(redis_script::note_use, {session_name(key), index_name(tag_of(key))},
                                         {std::to_string(session.last_used), text_of(left), hash_of(key),
                                          summary(key, session), text_of(options_.lifetimes.absolute)});
    if (!noted) co_return noted.error();
    co_return Status{};
}

asio::awaitable<Status> RedisSessionStore::put(Arrival arrival, Secret sid, Session session,
                                               std::int64_t now) {
    const auto key = key_of(sid);
    session.id = public_id(key);
    std::vector<std::string> names{session_name(key), index_name(tag_of(key))};
    if (arrival == Arrival::adopted) names.push_back(mark_name(key));
    const auto done = co_await evaluate(
        arrival == Arrival::adopted ? redis_script::adopt : redis_script::create, std::move(names),
        {std::to_string(session.version), seal_value(sid, key, session), std::to_string(session.last_used),
         text_of(options_.lifetimes.left(session, now)), hash_of(key), summary(key, session),
         text_of(options_.lifetimes.absolute)});
    if (!done) co_return done.error();
    co_return Status{};
}

asio::awaitable<Result<Secret>> RedisSessionStore::create(Session session, std::int64_t now) {
    const auto account = session.account().key;
    Secret sid(new_sid(account));
    session.created_at = now;
    session.last_used = now;
    if (const auto done = co_await put(Arrival::fresh, sid, std::move(session), now); !done)
        co_return done.error();
    co_await make_room(account, public_id(key_of(sid)), now);  // should this fail, the next one does it
    co_return sid;
}

asio::awaitable<Status> RedisSessionStore::adopt(Secret sid, Session session, std::int64_t now) {
    if (options_.lifetimes.over(session, now)) co_return Status{};
    co_return co_await put(Arrival::adopted, std::move(sid), std::move(session), now);
}

asio::awaitable<Status> RedisSessionStore::make_room(std::string account, std::string arrived_id,
                                                     std::int64_t now) {
    auto sessions = co_await list(account, now);
    if (!sessions) co_return sessions.error();
    std::erase_if(*sessions, [&](const auto& session) { return session.id == arrived_id; });
    std::sort(sessions->begin(), sessions->end(),
              [](const auto& a, const auto& b) { return a.last_used < b.last_used; });
    for (std::size_t i = 0; i + options_.per_account <= sessions->size(); ++i) {
        const auto ended = co_await revoke(account, (*sessions)[i].id);
        if (!ended) co_return ended.error();
        if (*ended) options_.on_end("evicted");
    }
    co_return Status{};
}

asio::awaitable<Result<Replaced>> RedisSessionStore::replace(Secret ticket, Session session) {
    const auto key = key_of(ticket);
    if (key.empty()) co_return Replaced{Replaced::Outcome::ended, {}};
    const auto before = session.version++;
    const auto done = co_await evaluate(
        redis_script::replace, {session_name(key)},
        {std::to_string(before), std::to_string(session.version), seal_value(ticket, key, session)});
    if (!done) co_return done.error();
    if (*done == 0) co_return Replaced{Replaced::Outcome::ended, {}};
    co_return Replaced{*done == 1 ? Replaced::Outcome::done : Replaced::Outcome::overtaken, {}};
}

asio::awaitable<Result<std::vector<std::string>>> RedisSessionStore::hashes_of(std::string tag) const {
    const auto reply = co_await run({"HKEYS", index_name(tag)}, index_name(tag));
    if (!reply) co_return reply.error();
    std::vector<std::string> out;
    for (const auto& item : reply->items) out.push_back(item.text);
    co_return out;
}

asio::awaitable<Result<std::int64_t>> RedisSessionStore::end(std::string tag,
                                                             std::vector<std::string> hashes) {
    if (hashes.empty()) co_return 0;
    std::vector<std::string> names{index_name(tag)};
    for (const auto& hash : hashes) {
        names.push_back(session_name(tag + hash));
        opened_.forget(tag + hash);
    }
    co_return co_await evaluate(redis_script::end, std::move(names), std::move(hashes));
}

asio::awaitable<void> RedisSessionStore::expire(std::string tag, std::vector<std::string> hashes) {
    const auto ended = co_await end(std::move(tag), std::move(hashes));
    for (std::int64_t i = 0; ended && i < *ended; ++i) options_.on_end("expired");
}

asio::awaitable<Status> RedisSessionStore::erase(std::string key) {
    // A key of another kind of store, from before the setting was changed, names nothing here.
    if (!is_store_key(key)) co_return Status{};
    co_return status_of(co_await end(tag_of(key), {hash_of(key)}));
}

asio::awaitable<Status> RedisSessionStore::erase_account(std::string account) {
    co_return co_await revoke_others(std::move(account), "");
}

asio::awaitable<Status> RedisSessionStore::revoke_others(std::string account, std::string kept_id) {
    const auto tag = account_tag(account);
    auto hashes = co_await hashes_of(tag);
    if (!hashes) co_return hashes.error();
    std::erase_if(*hashes, [&](const std::string& hash) { return public_id(tag + hash) == kept_id; });
    co_return status_of(co_await end(tag, std::move(*hashes)));
}

asio::awaitable<Result<bool>> RedisSessionStore::revoke(std::string account, std::string id) {
    const auto tag = account_tag(account);
    const auto hashes = co_await hashes_of(tag);
    if (!hashes) co_return hashes.error();
    for (const auto& hash : *hashes) {
        if (public_id(tag + hash) != id) continue;
        const auto ended = co_await end(tag, {hash});
        if (!ended) co_return ended.error();
        co_return true;
    }
    co_return false;
}

asio::awaitable<Result<std::vector<SessionSummary>>> RedisSessionStore::list(std::string account,
                                                                             std::int64_t now) {
    const auto tag = account_tag(account);
    const auto index = co_await run({"HGETALL", index_name(tag)}, index_name(tag));
    if (!index) co_return index.error();
    std::vector<SessionSummary> out;
    std::vector<std::string> gone;
    for (std::size_t i = 0; i + 1 < index->items.size(); i += 2) {
        const auto key = tag + index->items[i].text;
        const auto name = session_name(key);
        const auto used = co_await run({"HGET", name, "used"}, name);
        if (!used) co_return used.error();
        auto summary = shown(keys_.open(index->items[i + 1].text, summary_purpose(key)));
        summary.id = public_id(key);
        summary.last_used = number(used->text).value_or(0);
        if (summary.created_at == 0) summary.created_at = summary.last_used;
        Session times;
        times.created_at = summary.created_at;
        times.last_used = summary.last_used;
        if (used->kind == redis::Reply::Kind::nil || options_.lifetimes.over(times, now))
            gone.push_back(index->items[i].text);
        else
            out.push_back(std::move(summary));
    }
    co_await expire(tag, std::move(gone));  // tidying up: who asks next does it otherwise
    co_return out;
}

asio::awaitable<Result<bool>> RedisSessionStore::hold(std::string key, std::string holder,
                                                      std::chrono::milliseconds time) {
    const auto held = co_await evaluate(redis_script::hold, {lease_name(key)}, {holder, text_of(time)});
    if (!held) co_return held.error();
    co_return *held == 1;
}

asio::awaitable<Status> RedisSessionStore::let_go(std::string key, std::string holder) {
    const auto gone = co_await evaluate(redis_script::let_go, {lease_name(key)}, {holder});
    if (!gone) co_return gone.error();
    co_return Status{};
}

}  // namespace cadenza::server
