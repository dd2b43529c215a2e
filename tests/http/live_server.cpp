#include "tests/http/live_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <future>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace cadenza::http {
namespace {

using namespace std::chrono_literals;
constexpr auto patience = 10s;

asio::awaitable<Response> echo(Request request) { co_return Response::text(200, std::move(request.body)); }

// Beyond this the server does not do what the test waits for.
void wait_for(int socket, short events) {
    pollfd entry{.fd = socket, .events = events, .revents = 0};
    if (::poll(&entry, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) != 1)
        throw std::runtime_error("the server neither answers nor closes");
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 0x20);
    return out;
}

}  // namespace

LiveServer::LiveServer(ListenerOptions options, Handler handler)
    : work_(asio::make_work_guard(context_)), handler_(handler ? std::move(handler) : Handler(echo)) {
    auto record = [this](Request request) {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
        return handler_(std::move(request));
    };
    listener_.emplace(context_.get_executor(), record, std::move(options));
    if (const auto bound = listener_->bind("127.0.0.1", 0); !bound)
        throw std::runtime_error(bound.error().detail);
    port_ = listener_->port();
    listener_->start();
    thread_ = std::thread([this] { context_.run(); });
}

LiveServer::~LiveServer() {
    on_thread([this] { listener_.reset(); });
    context_.stop();
    thread_.join();
}

std::vector<Request> LiveServer::requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
}

bool LiveServer::saw(std::size_t count) const {
    return wait_until([&] { return requests().size() >= count; });
}

std::size_t LiveServer::connections() {
    std::size_t out{};
    on_thread([&] { out = listener_->connections(); });
    return out;
}

bool LiveServer::holds(std::size_t count) {
    return wait_until([&] { return connections() == count; });
}

std::chrono::milliseconds LiveServer::drain(std::chrono::milliseconds deadline) {
    const auto begin = std::chrono::steady_clock::now();
    asio::co_spawn(context_, listener_->drain(deadline), asio::use_future).get();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

void LiveServer::begin_drain(std::chrono::milliseconds deadline) {
    asio::co_spawn(context_, listener_->drain(deadline), asio::detached);
}

void LiveServer::on_thread(const std::function<void()>& task) {
    std::promise<void> done;
    asio::post(context_, [&] {
        task();
        done.set_value();
    });
    done.get_future().get();
}

bool wait_until(const std::function<bool()>& condition) {
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

Peer::Peer(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    if (receive_buffer > 0)
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
        if (errno != EINPROGRESS) throw std::runtime_error("cannot connect");
        wait_for(socket_, POLLOUT);
    }
}

Peer::~Peer() {
    if (socket_ >= 0) ::close(socket_);
}

bool Peer::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0)
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        else if (errno == EAGAIN)
            wait_for(socket_, POLLOUT);
        else
            return false;
    }
    return true;
}

void Peer::finish() { ::shutdown(socket_, SHUT_WR); }

void Peer::vanish() {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    ::close(socket_);
    socket_ = -1;
}

bool Peer::read_some(std::string& into) {
    std::array<char, 16 * 1024> chunk{};
    for (;;) {
        const auto size = ::recv(socket_, chunk.data(), chunk.size(), 0);
        if (size > 0) {
            into.append(chunk.data(), static_cast<std::size_t>(size));
            return true;
        }
        if (size < 0 && errno == EAGAIN) {
            wait_for(socket_, POLLIN);
            continue;
        }
        reset_ = size < 0;
        return false;
    }
}

std::string Peer::read_all() {
    std::string out;
    while (read_some(out)) {
    }
    return out;
}

std::string Peer::read_until(std::string_view end) {
    std::string out;
    while (out.find(end) == out.npos && read_some(out)) {
    }
    return out;
}

std::string Answer::field(std::string_view name) const {
    std::size_t at = head.find("\r\n");
    while (at != head.npos) {
        const auto begin = at + 2;
        at = head.find("\r\n", begin);
        const auto line = std::string_view(head).substr(begin, at == head.npos ? at : at - begin);
        const auto colon = line.find(": ");
        if (colon != line.npos && lower(line.substr(0, colon)) == name)
            return std::string(line.substr(colon + 2));
    }
    return {};
}

std::vector<Answer> answers_in(std::string_view bytes, const std::vector<std::string>& methods) {
    std::vector<Answer> out;
    while (!bytes.empty()) {
        const auto end = bytes.find("\r\n\r\n");
        if (!bytes.starts_with("HTTP/1.1 ") || end == bytes.npos || end < 12)
            throw std::runtime_error("not an answer: " + std::string(bytes.substr(0, 60)));
        Answer answer{.status = std::stoi(std::string(bytes.substr(9, 3))),
                      .head = std::string(bytes.substr(0, end)),
                      .body = {}};
        bytes.remove_prefix(end + 4);
        const bool bodiless = answer.status < 200 || answer.status == 204 || answer.status == 304;
        const bool head = out.size() < methods.size() && methods[out.size()] == "HEAD";
        if (!bodiless && !head) {
            const auto size = std::stoul(answer.field("content-length"));
            if (size > bytes.size()) throw std::runtime_error("the answer's body is cut");
            answer.body = bytes.substr(0, size);
            bytes.remove_prefix(size);
        }
        out.push_back(std::move(answer));
    }
    return out;
}

std::string ask(const LiveServer& server, std::string_view bytes) {
    Peer peer(server.port());
    peer.send(bytes);
    peer.finish();
    return peer.read_all();
}

}  // namespace cadenza::http
