#pragma once

// The doctor's questions to others: each within some seconds, each answered by facts, never by an exception.

#include "server/doctor/certificates.hpp"
#include "server/doctor/redis.hpp"
#include "server/doctor/spotify.hpp"
#include "server/spotify/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace cadenza::server::doctor {

namespace asio = boost::asio;

// GET of `address`, without any token.
asio::awaitable<Asked> ask_service(const Transport& transport, std::string address,
                                   std::string accept = "application/json");
// POST /api/token for the app itself; what was given is thrown away.
asio::awaitable<Asked> ask_for_token(const Transport& transport, const Config& config);

// A TLS connection as a browser makes it, trusting the system's authorities.
asio::awaitable<Shown> look_at(asio::any_io_executor executor, std::string origin);

// `executor` must be of one thread.
asio::awaitable<RedisFacts> ask_redis(asio::any_io_executor executor, redis::Options options);

}  // namespace cadenza::server::doctor
