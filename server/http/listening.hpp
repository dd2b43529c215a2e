#pragma once

// Listening TCP sockets as file descriptors, for one process or handed on to several.

#include "shared/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace cadenza::http {

class ListeningSocket {
public:
    explicit ListeningSocket(int descriptor) : descriptor_(descriptor) {}
    ListeningSocket(ListeningSocket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
    ListeningSocket& operator=(ListeningSocket&& other) noexcept;
    ~ListeningSocket() { close(); }

    int descriptor() const noexcept { return descriptor_; }
    // The caller closes it.
    int release() noexcept { return std::exchange(descriptor_, -1); }
    void close() noexcept;

private:
    int descriptor_{-1};
};

// `count` sockets that share one port, among which the kernel spreads connections; port 0 takes a free one.
// The first is bound alone, so that a port another program or a second server has is refused. A `count` of 1
// shares nothing. Errors: invalid_value, the detail naming address and port.
Result<std::vector<ListeningSocket>> listen_on(const std::string& host, std::uint16_t port, int backlog,
                                               std::size_t count = 1);

}  // namespace cadenza::http
