#pragma once

#include "server/session/cookie_session_store.hpp"
#include "server/session/redis_session_store.hpp"

namespace cadenza::server {

// STORE_FALLBACK=cookie. While Redis is out, who signs in gets a session sealed in the cookie, for a day at
// most; with the first request after Redis is back it moves there, once, and the cookie says its sid. What
// is in Redis already cannot be read meanwhile, and is nobody's loss: storage_failed.
class CookieFallbackStore final : public SessionStore {
public:
    // Both must outlive it.
    CookieFallbackStore(RedisSessionStore& redis, CookieSessionStore& cookies)
        : redis_(redis), cookies_(cookies) {}

    StoreAbilities abilities() const override { return redis_.abilities(); }
    bool stands_in() const override { return stands_in_; }
    asio::awaitable<Result<std::optional<FoundSession>>> find(Secret ticket, std::int64_t now) override;
    std::string key_of(const Secret& ticket) const override;
    asio::awaitable<Result<Secret>> create(Session session, std::int64_t now) override;
    asio::awaitable<Result<Replaced>> replace(Secret ticket, Session session) override;
    asio::awaitable<Status> erase(std::string key) override;
    asio::awaitable<Status> erase_account(std::string account) override;
    asio::awaitable<Result<std::vector<SessionSummary>>> list(std::string account, std::int64_t now) override;
    asio::awaitable<Result<bool>> revoke(std::string account, std::string id) override;
    asio::awaitable<Status> revoke_others(std::string account, std::string kept_id) override;
    asio::awaitable<Result<bool>> hold(std::string key, std::string holder,
                                       std::chrono::milliseconds time) override;
    asio::awaitable<Status> let_go(std::string key, std::string holder) override;

private:
    RedisSessionStore& redis_;
    CookieSessionStore& cookies_;
    bool stands_in_{};  // Redis did not take the last session that was to begin or to move there
};

}  // namespace cadenza::server
