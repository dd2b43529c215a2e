#pragma once

// Spotify, emulated: accounts service, Web API, Web Playback SDK, covers and sound behind one handler.

#include "server/emulator/options.hpp"
#include "server/http/message.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace cadenza::emulator {

namespace asio = boost::asio;
class World;

class Emulator {
public:
    Emulator(asio::any_io_executor executor, Options options);
    ~Emulator();

    // Answers anything below options.prefix.
    asio::awaitable<http::Response> handle(http::Request request);

    // Once the port is known: where it is reached from outside.
    void set_base(std::string base);

private:
    std::unique_ptr<World> world_;
};

}  // namespace cadenza::emulator
