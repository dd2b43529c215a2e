#pragma once

// A server of two workers, as a program of its own, and what a test wants of it.

#include "server/serve.hpp"
#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/program.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace cadenza::server {

using Variables = std::map<std::string, std::string>;

inline Config config_of(std::uint16_t port, Variables variables = {}) {
    const auto origin = (variables.contains("TLS_CERT_FILE") ? "https" : "http") +
                        std::string("://127.0.0.1:") + std::to_string(port);
    variables.insert({{"PORT", std::to_string(port)},
                      {"STATIC_DIR", ""},
                      {"ADMIN_ADDR", ""},
                      {"LOG_LEVEL", "error"},
                      {"SPOTIFY_CLIENT_ID", "id"},
                      {"SPOTIFY_CLIENT_SECRET", "hush"},
                      {"SPOTIFY_REDIRECT_URI", origin + "/auth/callback"}});
    const Environment environment = [&](const std::string& name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
    };
    auto read = read_config(environment, read_whole_file);
    REQUIRE(std::holds_alternative<Config>(read));
    auto config = std::get<Config>(std::move(read));
    config.workers = 2;
    return config;
}

struct Served {
    explicit Served(Variables variables = {}, std::uint16_t on = free_port())
        : port(on),
          config(config_of(port, std::move(variables))),
          program([this] { return serve(config); }) {}

    std::string own_host() const { return "127.0.0.1:" + std::to_string(port); }
    std::string get(const std::string& path) const {
        return "GET " + path + " HTTP/1.1\r\nHost: " + own_host() + "\r\nConnection: close\r\n\r\n";
    }
    // Its status; 0 without an answer.
    int ask(const std::string& path) const {
        http::Peer peer(port);
        peer.send(get(path));
        const auto answer = peer.read_all();
        return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
    }
    // Whether no socket listens on the port any more. One that closes resets who waits in its queue, while
    // another process still takes connections: only the kernel's own refusal counts.
    bool refuses() const {
        boost::asio::io_context context;
        boost::asio::ip::tcp::socket socket(context);
        boost::system::error_code ec;
        socket.connect({boost::asio::ip::address_v4::loopback(), port}, ec);
        return ec == boost::asio::error::connection_refused;
    }
    std::vector<pid_t> workers() const {
        const auto pid = std::to_string(program.pid());
        std::ifstream children("/proc/" + pid + "/task/" + pid + "/children");
        std::vector<pid_t> out;
        for (pid_t child{}; children >> child;)
            if (is_alive(child)) out.push_back(child);
        return out;
    }
    static bool is_alive(pid_t pid) {
        std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
        std::string text;
        std::getline(stat, text);
        return !text.empty() && text.find(") Z") == text.npos;
    }

    std::uint16_t port;
    Config config;
    Program program;
};

// A request whose body is awaited: in flight until it is let go.
struct Held {
    explicit Held(const Served& served) : socket(context) {
        socket.connect({boost::asio::ip::address_v4::loopback(), served.port});
        local = socket.local_endpoint().port();
        const std::string head = "POST /auth/logout HTTP/1.1\r\nHost: " + served.own_host() +
                                 "\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n";
        boost::asio::write(socket, boost::asio::buffer(head));
        char byte{};
        std::string answer;
        while (!answer.ends_with("\r\n\r\n") && socket.read_some(boost::asio::buffer(&byte, 1)) == 1)
            answer += byte;
        REQUIRE(answer.starts_with("HTTP/1.1 100"));
    }
    // The rest of what the server says, "" when the connection is gone.
    std::string release() {
        boost::system::error_code ec;
        boost::asio::write(socket, boost::asio::buffer("x", 1), ec);
        socket.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ec);
        std::string out;
        boost::asio::read(socket, boost::asio::dynamic_buffer(out), ec);
        return out;
    }

    boost::asio::io_context context;
    boost::asio::ip::tcp::socket socket;
    std::uint16_t local{};
};

}  // namespace cadenza::server
