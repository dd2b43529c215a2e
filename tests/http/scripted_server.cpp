#include "tests/http/scripted_server.hpp"

#include "tests/http/live_server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace cadenza::http {
namespace {

// One request with its body off `buffer`; "" when the client has closed.
template <class Stream>
std::string read_request(Stream& stream, std::string& buffer) {
    for (;;) {
        const auto end = buffer.find("\r\n\r\n");
        if (end != buffer.npos) {
            const auto field = buffer.find("Content-Length: ");
            const std::size_t size = field < end ? std::stoul(buffer.substr(field + 16)) : 0;
            if (buffer.size() >= end + 4 + size) {
                auto request = buffer.substr(0, end + 4 + size);
                buffer.erase(0, request.size());
                return request;
            }
        }
        std::array<char, 4096> chunk{};
        boost::system::error_code ec;
        const auto read = stream.read_some(asio::buffer(chunk), ec);
        if (ec) return {};
        buffer.append(chunk.data(), read);
    }
}

}  // namespace

ScriptedServer::ScriptedServer(std::vector<Script> scripts, boost::asio::ssl::context* tls)
    : scripts_(std::move(scripts)), tls_(tls), listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listening_, generic, size) != 0 || ::listen(listening_, 8) != 0 ||
        ::getsockname(listening_, generic, &size) != 0)
        throw std::runtime_error("cannot listen");
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
    ::shutdown(listening_, SHUT_RDWR);  // wakes accept()
    thread_.join();
    ::close(listening_);
}

std::string ScriptedServer::origin(const std::string& host) const {
    return (tls_ ? "https://" : "http://") + host + ":" + std::to_string(port_);
}

std::vector<std::string> ScriptedServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

bool ScriptedServer::ended(std::size_t count) const {
    return wait_until([&] { return ended_ >= count; });
}

template <class Stream>
void ScriptedServer::play(Stream& stream, const Script& script) {
    std::string buffer;
    for (const auto& answer : script.answers) {
        auto request = read_request(stream, buffer);
        if (request.empty()) return;
        {
            const std::lock_guard lock(mutex_);
            requests_.push_back(std::move(request));
        }
        boost::system::error_code ignored;
        asio::write(stream, asio::buffer(answer), ignored);
    }
    if (script.hang) read_request(stream, buffer);
}

void ScriptedServer::serve() {
    asio::io_context context;
    for (const auto& script : scripts_) {
        const int accepted = ::accept(listening_, nullptr, nullptr);
        if (accepted < 0) return;
        ++accepted_;
        asio::ip::tcp::socket socket(context, asio::ip::tcp::v4(), accepted);
        if (tls_) {
            asio::ssl::stream<asio::ip::tcp::socket&> stream(socket, *tls_);
            boost::system::error_code ec;
            stream.handshake(asio::ssl::stream_base::server, ec);
            if (!ec) play(stream, script);
        } else {
            play(socket, script);
        }
        socket.close();
        ++ended_;
    }
}

}  // namespace cadenza::http
