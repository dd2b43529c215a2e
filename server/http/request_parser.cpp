#include "server/http/request_parser.hpp"

#include "server/http/limits.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>

namespace cadenza::http {
namespace {

namespace beast_http = boost::beast::http;
using HeadParser = beast_http::request_parser<beast_http::string_body>;

constexpr std::size_t framing_per_byte = 8;  // one-byte chunks cost six

Head head_of(const HeadParser& parser) {
    const auto& message = parser.get();
    Head head{.method = std::string(message.method_string()),
              .target = std::string(message.target()),
              .version = message.version()};
    for (const auto& field : message)
        head.fields.add(std::string(field.name_string()), std::string(field.value()));
    return head;
}

bool has_bare_feed(std::string_view text, std::size_t from) {
    for (auto at = text.find('\n', from); at != text.npos; at = text.find('\n', at + 1))
        if (at == 0 || text[at - 1] != '\r') return true;
    return false;
}

// Whether the request line is in order but for the version: "GET / HTTP/2.0".
bool names_other_version(std::string_view block) {
    const auto line = block.substr(0, block.find("\r\n"));
    const auto version = line.substr(line.rfind(' ') + 1);
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return std::count(line.begin(), line.end(), ' ') == 2 && version.size() == 8 &&
           version.starts_with("HTTP/") && digit(version[5]) && version[6] == '.' && digit(version[7]);
}

}  // namespace

struct ChunkReader::Parser : HeadParser {};

boost::system::result<std::optional<std::string>, Refusal> take_block(std::string& buffer,
                                                                      std::size_t& searched,
                                                                      const Limits& limits) {
    const auto end = buffer.find("\r\n\r\n", searched);
    if (end != buffer.npos && end + 4 <= limits.header_bytes) {
        auto block = buffer.substr(0, end + 4);
        buffer.erase(0, end + 4);
        return block;
    }
    // A bare line feed never ends a block of ours; waiting for more would only hide the error.
    if (has_bare_feed(buffer, searched)) return Refusal{400, "bare line feed"};
    if (end != buffer.npos || buffer.size() > limits.header_bytes) return Refusal{431, "header too large"};
    searched = buffer.size() < 3 ? 0 : buffer.size() - 3;
    return std::nullopt;
}

boost::system::result<Head, Refusal> parse_head(std::string_view block, const Limits& limits) {
    if (auto refusal = check_raw(block)) return *refusal;
    HeadParser parser;
    parser.header_limit(static_cast<std::uint32_t>(limits.header_bytes));
    parser.body_limit(limits.body_bytes);
    boost::system::error_code ec;
    parser.put(asio::buffer(block), ec);
    if (ec == beast_http::error::body_limit) return Refusal{413, "body too large"};
    if (ec == beast_http::error::bad_version && names_other_version(block))
        return Refusal{505, "HTTP version"};
    if ((ec && ec != beast_http::error::need_more) || !parser.is_header_done())
        return Refusal{400, "malformed header"};
    auto head = head_of(parser);
    if (static_cast<std::size_t>(std::distance(head.fields.begin(), head.fields.end())) >
        limits.header_fields)
        return Refusal{431, "too many fields"};
    if (head.target.size() > limits.target_bytes) return Refusal{414, "target too long"};
    return head;
}

ChunkReader::ChunkReader(std::string_view block, const Limits& limits)
    : parser_(std::make_unique<Parser>()), overhead_(limits.chunk_overhead) {
    parser_->eager(true);
    parser_->header_limit(static_cast<std::uint32_t>(limits.header_bytes + overhead_));
    parser_->body_limit(limits.body_bytes);
    boost::system::error_code ec;
    parser_->put(asio::buffer(block), ec);
}

ChunkReader::~ChunkReader() = default;

std::optional<Refusal> ChunkReader::take(std::string& buffer) {
    boost::system::error_code ec;
    const auto used = buffer.empty() ? 0 : parser_->put(asio::buffer(buffer), ec);
    buffer.erase(0, used);
    framed_ += used;
    if (ec == beast_http::error::body_limit) return Refusal{413, "body too large"};
    if (ec && ec != beast_http::error::need_more) return Refusal{400, "malformed chunks"};
    const auto body = parser_->get().body().size();
    const bool stuck = !done() && buffer.size() > overhead_;
    if (stuck || framed_ > overhead_ + body * (1 + framing_per_byte)) return Refusal{400, "too much framing"};
    return std::nullopt;
}

bool ChunkReader::done() const { return parser_->is_done(); }
std::string ChunkReader::release() { return std::move(parser_->get().body()); }

}  // namespace cadenza::http
