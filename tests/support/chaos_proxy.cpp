#include "tests/support/chaos_proxy.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <future>

namespace cadenza {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

tcp::endpoint loopback(int port) {
    return {asio::ip::address_v4::loopback(), static_cast<std::uint16_t>(port)};
}

}  // namespace

struct ChaosProxy::Listening {
    tcp::acceptor acceptor;
    tcp::socket next;
};

// A client's connection and ours to the server.
class ChaosProxy::Pair : public std::enable_shared_from_this<Pair> {
public:
    Pair(ChaosProxy& proxy, tcp::socket client)
        : proxy_(proxy), client_(std::move(client)), server_(proxy.context_) {
        ++proxy_.open_;
    }
    ~Pair() { --proxy_.open_; }
    Pair(const Pair&) = delete;
    Pair& operator=(const Pair&) = delete;

    asio::awaitable<void> run(int target) {
        const auto self = shared_from_this();
        const auto [ec] = co_await server_.async_connect(loopback(target), as_result);
        if (ec) co_return close();
        boost::system::error_code ignored;
        client_.set_option(tcp::no_delay(true), ignored);
        server_.set_option(tcp::no_delay(true), ignored);
        asio::co_spawn(proxy_.context_, pump(client_, server_, true), asio::detached);
        co_await pump(server_, client_, false);
    }

    void close() {
        boost::system::error_code ignored;
        client_.close(ignored);
        server_.close(ignored);
    }

    void reset() {
        boost::system::error_code ignored;
        client_.set_option(asio::socket_base::linger(true, 0), ignored);
        server_.set_option(asio::socket_base::linger(true, 0), ignored);
        close();
    }

private:
    asio::awaitable<void> pump(tcp::socket& from, tcp::socket& to, bool requests) {
        const auto self = shared_from_this();
        std::array<char, 16UL * 1024> chunk{};
        std::size_t total = 0;
        for (;;) {
            const auto [ec, size] = co_await from.async_read_some(asio::buffer(chunk), as_result);
            if (ec) break;
            if (requests) proxy_.requested_ += size;
            const auto weather = proxy_.weather();
            if (weather.latency.count() > 0) {
                asio::steady_timer timer(proxy_.context_, weather.latency);
                co_await timer.async_wait(as_result);
            }
            if (requests ? weather.swallow_requests : weather.swallow_answers) continue;
            const auto allowed =
                requests ? size : std::min(size, weather.cut_after - std::min(total, weather.cut_after));
            total += size;
            if (!co_await pass(to, {chunk.data(), allowed}, weather.slice) || allowed < size) break;
        }
        close();
    }

    static asio::awaitable<bool> pass(tcp::socket& to, std::string_view bytes, std::size_t slice) {
        while (!bytes.empty()) {
            const auto piece = bytes.substr(0, slice == 0 ? bytes.size() : slice);
            bytes.remove_prefix(piece.size());
            const auto [ec, size] = co_await asio::async_write(to, asio::buffer(piece), as_result);
            if (ec) co_return false;
        }
        co_return true;
    }

    ChaosProxy& proxy_;
    tcp::socket client_;
    tcp::socket server_;
};

ChaosProxy::ChaosProxy(int target_port)
    : work_(asio::make_work_guard(context_)),
      listening_(std::make_unique<Listening>(
          Listening{tcp::acceptor(context_, loopback(0)), tcp::socket(context_)})),
      target_(target_port),
      port_(listening_->acceptor.local_endpoint().port()) {
    accept();
    thread_ = std::thread([this] { context_.run(); });
}

ChaosProxy::~ChaosProxy() {
    context_.stop();
    thread_.join();
}

void ChaosProxy::accept() {
    listening_->acceptor.async_accept(listening_->next, [this](const auto& ec) {
        if (ec) return;
        ++accepted_;
        tcp::socket client = std::exchange(listening_->next, tcp::socket(context_));
        const std::unique_lock lock(mutex_);
        if (!weather_.refuse) {
            const auto pair = std::make_shared<Pair>(*this, std::move(client));
            std::erase_if(pairs_, [](const auto& other) { return other.expired(); });
            pairs_.push_back(pair);
            asio::co_spawn(context_, pair->run(target_), asio::detached);
        }
        accept();
    });
}

void ChaosProxy::on_thread(const std::function<void()>& task) {
    std::promise<void> done;
    asio::post(context_, [&] {
        task();
        done.set_value();
    });
    done.get_future().wait();
}

ChaosProxy::Weather ChaosProxy::weather() const {
    const std::lock_guard lock(mutex_);
    return weather_;
}

void ChaosProxy::set(Weather weather) {
    const std::lock_guard lock(mutex_);
    weather_ = weather;
}

void ChaosProxy::set_target(int port) {
    const std::lock_guard lock(mutex_);
    target_ = port;
}

void ChaosProxy::cut() {
    on_thread([this] {
        for (const auto& pair : pairs_)
            if (const auto alive = pair.lock()) alive->close();
    });
}

void ChaosProxy::reset() {
    on_thread([this] {
        for (const auto& pair : pairs_)
            if (const auto alive = pair.lock()) alive->reset();
    });
}

}  // namespace cadenza
