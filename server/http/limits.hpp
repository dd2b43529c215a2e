#pragma once

#include <chrono>
#include <cstddef>

namespace cadenza::http {

// Bounds on what a peer may cost us. Times are absolute: a byte now and then does not extend them.
struct Limits {
    int backlog{1024};  // connections the kernel holds until they are accepted
    std::size_t header_bytes{16UL * 1024};
    std::size_t header_fields{100};
    std::size_t target_bytes{8UL * 1024};
    std::size_t body_bytes{1024UL * 1024};
    std::size_t body_rate{1024};  // bytes a second that a body must have come at, once `body_grace` is over
    // Chunk sizes, extensions and trailers: bytes on the wire beyond the body and eight for each of its
    // bytes.
    std::size_t chunk_overhead{8UL * 1024};
    std::size_t connections{10'000};
    // Of one client: its connections, and its requests under way through trusted proxies.
    std::size_t connections_per_address{100};
    int requests_per_connection{1'000};
    std::chrono::milliseconds first_byte{10'000};  // of a connection, its TLS handshake included
    // Of a connection that has sent nothing when the server drains: for its first request, which is the last.
    std::chrono::milliseconds drain_grace{1'000};
    std::chrono::milliseconds idle{60'000};        // between requests
    std::chrono::milliseconds header{10'000};      // for a whole header block
    std::chrono::milliseconds body{30'000};        // for a whole body
    std::chrono::milliseconds body_grace{10'000};  // in which a body may be slower than `body_rate`
    std::chrono::milliseconds handler{30'000};     // until the answer is there
    std::chrono::milliseconds write{30'000};       // for a whole answer
    std::chrono::milliseconds linger{2'000};       // after the last answer, for the peer to read it and close
};

// How long after its begin a body must be complete or have grown, when `received` bytes of it are there.
std::chrono::milliseconds body_patience(const Limits& limits, std::size_t received);

}  // namespace cadenza::http
