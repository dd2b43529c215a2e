#pragma once

// Bytes to and from a Redis server: TCP or a Unix socket, with TLS or without.

#include "server/base/deadline.hpp"
#include "server/redis/options.hpp"
#include "shared/base/error.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace cadenza::redis {

namespace asio = boost::asio;

class Stream {
public:
    using Transferred = std::pair<boost::system::error_code, std::size_t>;

    explicit Stream(const asio::any_io_executor& executor);
    ~Stream();
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    // Names are looked up anew; each of the addresses gets its share of the time. With TLS the server must
    // prove that it is `address.host`. Errors: timed_out, storage_failed.
    asio::awaitable<Status> connect(Address address, std::optional<TlsFiles> tls, server::Deadline deadline);

    // One of each may be under way at a time. close() ends them.
    asio::awaitable<Transferred> read_some(asio::mutable_buffer into);
    asio::awaitable<Transferred> write(asio::const_buffer bytes);
    void close();

private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

// Whether the files can be read and fit together. Errors: invalid_value naming the file.
Status check_files(const TlsFiles& files);

}  // namespace cadenza::redis
