#include "server/session/cookie_fallback_store.hpp"

#include "server/session/sid.hpp"

namespace cadenza::server {

std::string CookieFallbackStore::key_of(const Secret& ticket) const {
    return is_sid(ticket.reveal()) ? redis_.key_of(ticket) : cookies_.key_of(ticket);
}

asio::awaitable<Result<std::optional<FoundSession>>> CookieFallbackStore::find(Secret ticket,
                                                                               std::int64_t now) {
    if (is_sid(ticket.reveal())) co_return co_await redis_.find(std::move(ticket), now);
    auto sealed = co_await cookies_.find(std::move(ticket), now);
    if (!sealed || !*sealed) co_return sealed;
    const auto sid = (*sealed)->session.promised_sid;
    if (sid.empty()) co_return std::optional<FoundSession>{};
    auto moving = (*sealed)->session;
    moving.promised_sid = {};
    const auto moved = co_await redis_.adopt(sid, std::move(moving), now);
    stands_in_ = !moved;
    if (!moved) co_return sealed;
    auto found = co_await redis_.find(sid, now);
    if (found && *found) (*found)->ticket = sid;
    co_return found;
}

asio::awaitable<Result<Secret>> CookieFallbackStore::create(Session session, std::int64_t now) {
    auto created = co_await redis_.create(session, now);
    stands_in_ = !created;
    if (created) co_return created;
    session.promised_sid = Secret(new_sid(session.account().key));
    co_return co_await cookies_.create(std::move(session), now);
}

asio::awaitable<Result<Replaced>> CookieFallbackStore::replace(Secret ticket, Session session) {
    if (is_sid(ticket.reveal())) co_return co_await redis_.replace(std::move(ticket), std::move(session));
    co_return co_await cookies_.replace(std::move(ticket), std::move(session));
}

asio::awaitable<Status> CookieFallbackStore::erase(std::string key) {
    if (is_store_key(key)) co_return co_await redis_.erase(std::move(key));
    co_return co_await cookies_.erase(std::move(key));
}

asio::awaitable<Status> CookieFallbackStore::erase_account(std::string account) {
    co_return co_await redis_.erase_account(std::move(account));
}

asio::awaitable<Result<std::vector<SessionSummary>>> CookieFallbackStore::list(std::string account,
                                                                               std::int64_t now) {
    co_return co_await redis_.list(std::move(account), now);
}

asio::awaitable<Result<bool>> CookieFallbackStore::revoke(std::string account, std::string id) {
    co_return co_await redis_.revoke(std::move(account), std::move(id));
}

asio::awaitable<Status> CookieFallbackStore::revoke_others(std::string account, std::string kept_id) {
    co_return co_await redis_.revoke_others(std::move(account), std::move(kept_id));
}

asio::awaitable<Result<bool>> CookieFallbackStore::hold(std::string key, std::string holder,
                                                        std::chrono::milliseconds time) {
    if (!is_store_key(key)) co_return true;
    co_return co_await redis_.hold(std::move(key), std::move(holder), time);
}

asio::awaitable<Status> CookieFallbackStore::let_go(std::string key, std::string holder) {
    if (!is_store_key(key)) co_return Status{};
    co_return co_await redis_.let_go(std::move(key), std::move(holder));
}

}  // namespace cadenza::server
