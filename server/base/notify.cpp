#include "server/base/notify.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace cadenza::server {
namespace {

std::optional<long long> number(const std::optional<std::string>& text) {
    long long out{};
    if (!text) return std::nullopt;
    const auto* const end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, out);
    return error == std::errc{} && rest == end && out > 0 ? std::optional(out) : std::nullopt;
}

// 0, or what went wrong.
int send_datagram(const std::string& socket, std::string_view text) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (socket.size() >= sizeof address.sun_path) return ENAMETOOLONG;
    std::copy(socket.begin(), socket.end(), address.sun_path);
    if (socket.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return errno;
    // A manager that does not read must not stop the event loop.
    const auto sent = ::sendto(fd, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&address), size);
    const int problem = sent < 0 ? errno : 0;
    ::close(fd);
    return problem;
}

}  // namespace

Notifier::Notifier(const std::function<std::optional<std::string>(const std::string&)>& environment,
                   const Log& log)
    : log_(log), socket_(environment("NOTIFY_SOCKET").value_or("")) {
    const auto patience = number(environment("WATCHDOG_USEC"));
    const auto whose = environment("WATCHDOG_PID");
    if (!socket_.empty() && patience && (!whose || number(whose) == ::getpid()))
        interval_ = std::max(std::chrono::microseconds(*patience / 2), std::chrono::microseconds(1));
}

void Notifier::reloading() const {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    const auto time = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(time));
}

void Notifier::send(std::string_view state) const {
    if (socket_.empty()) return;
    if (const int problem = send_datagram(socket_, state))
        log_.warn("service_manager_not_told",
                  {{"state", state.substr(0, state.find('\n'))},
                   {"problem", std::error_code(problem, std::generic_category()).message()}});
}

}  // namespace cadenza::server
