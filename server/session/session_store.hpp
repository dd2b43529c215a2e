#pragma once

#include "server/session/session.hpp"
#include "shared/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace cadenza::server {

namespace asio = boost::asio;

// Sessions by the hash of their sid, so that reading the store gives no cookies. Every operation may fail
// with storage_failed, which is never the same as "no session". All times are the caller's `now`.
class SessionStore {
public:
    virtual ~SessionStore() = default;

    // nullopt: never was, ended, or expired. Finding one counts as using it.
    virtual asio::awaitable<Result<std::optional<Session>>> find(std::string key, std::int64_t now) = 0;
    virtual asio::awaitable<Status> create(std::string key, Session session, std::int64_t now) = 0;
    // Does nothing when it ended meanwhile: a refresh must not bring a session back.
    virtual asio::awaitable<Status> replace(std::string key, Session session) = 0;
    virtual asio::awaitable<Status> erase(std::string key) = 0;
    // Every session in which this account is.
    virtual asio::awaitable<Status> erase_account(std::string account) = 0;
};

}  // namespace cadenza::server
