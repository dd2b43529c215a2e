#include "server/session/cookie_session_store.hpp"

#include "server/base/crypto.hpp"
#include "server/session/session_cookie.hpp"
#include "server/session/session_text.hpp"

#include <algorithm>
#include <utility>

namespace cadenza::server {
namespace {

constexpr std::string_view purpose = "session cookie";
constexpr std::size_t name_size = 22;  // what a ticket ends with is its seal's tag

Error cannot() { return {Errc::forbidden, "sessions in cookies cannot be listed or ended by others"}; }

}  // namespace

std::optional<CookieSessionStore::Read> CookieSessionStore::read(const Secret& ticket) const {
    if (std::exchange(generation_, keys_.generation()) != keys_.generation()) opened_.clear();
    const std::string_view sealed = ticket.reveal();
    const auto name = sealed.substr(sealed.size() - std::min(sealed.size(), name_size));
    if (const auto* session = opened_.find(name, sealed)) return Read{*session, true};
    const auto opened = keys_.unseal(sealed, purpose);
    if (!opened) return std::nullopt;
    auto session = session_from_text(opened->plain);
    if (!session) return std::nullopt;
    // One that is to be sealed anew is not worth remembering, and its opening shows that its key is in use.
    if (opened->by_first) opened_.put(std::string(name), std::string(sealed), *session);
    return Read{std::move(*session), opened->by_first};
}

Result<Secret> CookieSessionStore::seal(const Session& session) const {
    Secret ticket(keys_.seal(to_text(session), purpose));
    if (ticket.reveal().size() > SessionCookie::most_ticket_size)
        return Error{Errc::invalid_value, "a session of " + std::to_string(ticket.reveal().size()) +
                                              " bytes does not fit into cookies"};
    return ticket;
}

const CookieSessionStore::Change* CookieSessionStore::change_of(const std::string& key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &*found->second;
}

void CookieSessionStore::remember(std::string key, std::optional<Session> session) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        changes_.erase(found->second);
    } else if (changes_.size() >= options_.capacity) {
        by_key_.erase(changes_.front().key);
        changes_.pop_front();
    }
    changes_.push_back({key, std::move(session)});
    by_key_[std::move(key)] = std::prev(changes_.end());
}

std::string CookieSessionStore::key_of(const Secret& ticket) const {
    const auto found = read(ticket);
    return found ? found->session.id : std::string();
}

asio::awaitable<Result<std::optional<FoundSession>>> CookieSessionStore::find(Secret ticket,
                                                                              std::int64_t now) {
    auto found = read(ticket);
    if (!found) co_return std::optional<FoundSession>{};
    auto& session = found->session;
    bool changed = !found->by_first_key;
    if (const auto* change = change_of(session.id)) {
        if (!change->session) {
            opened_.forget_session(session.id);
            co_return std::optional<FoundSession>{};
        }
        if (change->session->version > session.version) {
            const auto last_used = std::max(session.last_used, change->session->last_used);
            session = *change->session;
            session.last_used = last_used;
            changed = true;
        }
    }
    if (options_.lifetimes.over(session, now)) co_return std::optional<FoundSession>{};
    if (options_.lifetimes.worth_noting(session, now, options_.note_interval)) {
        session.last_used = now;
        changed = true;
    }
    FoundSession out{session.id, std::move(session), {}};
    if (changed) {
        auto sealed = seal(out.session);
        if (!sealed) co_return sealed.error();
        out.ticket = std::move(*sealed);
    }
    co_return std::optional<FoundSession>(std::move(out));
}

asio::awaitable<Result<Secret>> CookieSessionStore::create(Session session, std::int64_t now) {
    session.id = random_token(16);
    session.created_at = now;
    session.last_used = now;
    co_return seal(session);
}

asio::awaitable<Result<Replaced>> CookieSessionStore::replace(Secret ticket, Session session) {
    const auto found = read(ticket);
    if (!found) co_return Replaced{Replaced::Outcome::ended, {}};
    const auto& key = found->session.id;
    const auto* change = change_of(key);
    if (change && !change->session) co_return Replaced{Replaced::Outcome::ended, {}};
    const auto& there =
        change && change->session->version > found->session.version ? *change->session : found->session;
    if (there.version != session.version) co_return Replaced{Replaced::Outcome::overtaken, {}};
    ++session.version;
    auto sealed = seal(session);
    if (!sealed) co_return sealed.error();
    remember(key, std::move(session));
    co_return Replaced{Replaced::Outcome::done, std::move(*sealed)};
}

asio::awaitable<Status> CookieSessionStore::erase(std::string key) {
    opened_.forget_session(key);
    if (!key.empty()) remember(std::move(key), std::nullopt);
    co_return Status{};
}

asio::awaitable<Status> CookieSessionStore::erase_account(std::string) { co_return Status{}; }

asio::awaitable<Result<std::vector<SessionSummary>>> CookieSessionStore::list(std::string, std::int64_t) {
    co_return cannot();
}

asio::awaitable<Result<bool>> CookieSessionStore::revoke(std::string, std::string) { co_return cannot(); }

asio::awaitable<Status> CookieSessionStore::revoke_others(std::string, std::string) { co_return cannot(); }

}  // namespace cadenza::server
