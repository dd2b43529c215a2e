#include "server/http/listening.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <cerrno>
#include <sys/socket.h>
#include <unistd.h>

namespace cadenza::http {
namespace {

using Endpoint = boost::asio::ip::tcp::endpoint;

bool switch_on(int descriptor, int option) {
    const int on = 1;
    return ::setsockopt(descriptor, SOL_SOCKET, option, &on, sizeof(on)) == 0;
}

// False, with errno, when the port is not to be had.
bool bind_first(int descriptor, const Endpoint& endpoint, bool shared) {
    // Address reuse, so that a restart need not wait for old connections; Linux still refuses a port somebody
    // listens on. Sharing is asked for after binding alone.
    return switch_on(descriptor, SO_REUSEADDR) &&
           ::bind(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0 &&
           (!shared || switch_on(descriptor, SO_REUSEPORT));
}

bool bind_another(int descriptor, const Endpoint& endpoint) {
    return switch_on(descriptor, SO_REUSEADDR) && switch_on(descriptor, SO_REUSEPORT) &&
           ::bind(descriptor, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
}

}  // namespace

ListeningSocket& ListeningSocket::operator=(ListeningSocket&& other) noexcept {
    if (this != &other) {
        close();
        descriptor_ = std::exchange(other.descriptor_, -1);
    }
    return *this;
}

void ListeningSocket::close() noexcept {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

Result<std::vector<ListeningSocket>> listen_on(const std::string& host, std::uint16_t port, int backlog,
                                               std::size_t count) {
    const auto fail = [&](const boost::system::error_code& ec) {
        return Error{Errc::invalid_value,
                     "cannot listen on " + host + ":" + std::to_string(port) + ": " + ec.message()};
    };
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(host, ec);
    if (ec) return fail(ec);
    Endpoint endpoint(address, port);
    std::vector<ListeningSocket> out;
    while (out.size() < count) {
        const int descriptor = ::socket(endpoint.data()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        const bool opened = descriptor >= 0;
        if (opened) out.emplace_back(descriptor);
        const bool bound = opened && (out.size() == 1 ? bind_first(descriptor, endpoint, count > 1)
                                                      : bind_another(descriptor, endpoint));
        if (!bound || ::listen(descriptor, backlog) != 0)
            return fail({errno, boost::system::system_category()});
        auto size = static_cast<socklen_t>(endpoint.capacity());
        if (::getsockname(descriptor, endpoint.data(), &size) != 0)  // the port that 0 became
            return fail({errno, boost::system::system_category()});
    }
    return out;
}

}  // namespace cadenza::http
