#pragma once

// The other side of server/base/notify.hpp.

#include "server/base/notify.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

namespace cadenza::server {

// What a service manager has: a socket that datagrams come to. "@name" is an abstract one.
class ServiceManager {
public:
    explicit ServiceManager(const std::string& name) : name_(name), fd_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(name.begin(), name.end(), address.sun_path);
        if (name.front() == '@') address.sun_path[0] = '\0';
        const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
        REQUIRE(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    }
    ~ServiceManager() { ::close(fd_); }
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    std::string next() const {
        std::array<char, 256> text{};
        const auto size = ::recv(fd_, text.data(), text.size(), MSG_DONTWAIT);
        return size < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(size));
    }
    // All that has come so far, the first line of each, with a space between.
    std::string all() const {
        std::string out;
        for (auto text = next(); text != "nothing"; text = next())
            out += (out.empty() ? "" : " ") + text.substr(0, text.find('\n'));
        return out;
    }
    const std::string& name() const { return name_; }

private:
    std::string name_;
    int fd_;
};

struct Told {
    std::vector<std::string> lines;
    Log log{Level::info, LogFormat::text, [this](std::string_view line) { lines.emplace_back(line); }};

    Notifier by(const std::map<std::string, std::string>& variables) const {
        return {[variables](const std::string& name) -> std::optional<std::string> {
                    const auto found = variables.find(name);
                    return found == variables.end() ? std::nullopt : std::optional(found->second);
                },
                log};
    }
};

}  // namespace cadenza::server
