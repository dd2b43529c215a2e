#pragma once

#include "server/http/client.hpp"

#include <chrono>
#include <functional>

namespace cadenza::server {

namespace asio = boost::asio;

// How requests reach Spotify: the pooled client, the emulator in the same process, or a test.
using Transport = std::function<asio::awaitable<Result<http::ClientResponse>>(
    http::ClientRequest, std::chrono::milliseconds timeout)>;

}  // namespace cadenza::server
