#pragma once

// A server on the test's own loop that answers commands however a test says.

#include "server/redis/resp.hpp"
#include "tests/redis/harness.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace cadenza::redis {

class FakeServer {
public:
    using Words = std::vector<std::string>;
    // The bytes to answer with.
    using Answer = std::function<std::string(const Words& words)>;

    FakeServer(Loop& loop, Answer answer)
        : acceptor_(loop.context(), {asio::ip::address_v4::loopback(), 0}), answer_(std::move(answer)) {
        asio::co_spawn(loop.context(), accept(), asio::detached);
    }

    int port() const { return acceptor_.local_endpoint().port(); }
    // What was asked, without what signing in asks.
    const std::vector<Words>& asked() const { return asked_; }
    // Sends bytes to every client that is connected, unasked.
    void say(const std::string& bytes) {
        for (const auto& socket : open_) asio::write(*socket, asio::buffer(bytes));
    }

private:
    using Socket = asio::ip::tcp::socket;
    static constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

    asio::awaitable<void> accept() {
        for (;;) {
            auto [ec, socket] = co_await acceptor_.async_accept(as_result);
            if (ec) co_return;
            asio::co_spawn(acceptor_.get_executor(), serve(std::make_shared<Socket>(std::move(socket))),
                           asio::detached);
        }
    }

    asio::awaitable<void> serve(std::shared_ptr<Socket> socket) {
        open_.insert(socket);
        ReplyReader reader;  // a command has the form of a reply
        std::array<char, 4096> chunk{};
        for (;;) {
            const auto [ec, size] = co_await socket->async_read_some(asio::buffer(chunk), as_result);
            if (ec) break;
            reader.feed({chunk.data(), size});
            for (auto command = reader.next(); command && *command; command = reader.next()) {
                const auto answer = reply_to(**command);
                co_await asio::async_write(*socket, asio::buffer(answer), as_result);
            }
        }
        open_.erase(socket);
    }

    std::string reply_to(const Reply& command) {
        Words words;
        for (const auto& item : command.items) words.push_back(item.text);
        if (words.front() == "CLIENT") return "+OK\r\n";
        if (words.front() != "PING") asked_.push_back(words);
        auto out = answer_(words);
        return out.empty() && words.front() == "PING" ? "+PONG\r\n" : out;
    }

    asio::ip::tcp::acceptor acceptor_;
    Answer answer_;
    std::vector<Words> asked_;
    std::set<std::shared_ptr<Socket>> open_;
};

}  // namespace cadenza::redis
