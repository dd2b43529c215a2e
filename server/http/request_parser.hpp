#pragma once

// From bytes to a header and a body, without a socket: what Beast's parser does for us, under our limits.

#include "server/http/guard.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cadenza::http {

struct Limits;

// Takes one header block, with its blank line, off `buffer`. nullopt when more has to come; `searched` says
// how far it was looked through and begins at 0. Errors: 400, 431.
boost::system::result<std::optional<std::string>, Refusal> take_block(std::string& buffer,
                                                                      std::size_t& searched,
                                                                      const Limits& limits);

// Errors: 400, 413, 414, 431, 505.
boost::system::result<Head, Refusal> parse_head(std::string_view block, const Limits& limits);

// A chunked body; its trailers are read over.
class ChunkReader {
public:
    // `block` is the header block of the request, which parse_head() and the guard have passed.
    ChunkReader(std::string_view block, const Limits& limits);
    ~ChunkReader();
    ChunkReader(const ChunkReader&) = delete;
    ChunkReader& operator=(const ChunkReader&) = delete;

    // Takes what it can off `buffer`. Errors: 400, 413.
    std::optional<Refusal> take(std::string& buffer);
    bool done() const;
    std::size_t received() const noexcept { return framed_; }  // bytes on the wire so far
    std::string release();

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
    std::size_t overhead_;
    std::size_t framed_{};
};

}  // namespace cadenza::http
