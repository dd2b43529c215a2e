#pragma once

// Decides from the header alone whether a request may go on. Debian's Beast reads several framings that
// smuggle requests and leaves much policy to us (reports of it are in docs/decisions, 5), so everything is
// decided here, on the header as it was before the body; nothing reads fields again afterwards.

#include "server/http/message.hpp"
#include "shared/base/error.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace cadenza::http {

// What the parser read of one header block.
struct Head {
    std::string method;
    std::string target;
    unsigned version{11};  // 10 or 11
    Headers fields;
};

struct Refusal {
    int status{400};
    std::string reason;  // names the rule, never the value
    bool operator==(const Refusal&) const = default;
};

struct Admission {
    Request request;         // without body
    std::uint64_t length{};  // of the body; 0 with `chunked`
    bool chunked{};
    bool expects_continue{};
    bool keep_alive{};
};

// The raw bytes of a header block, with its last blank line: line folding, bare line feeds, control
// characters. nullopt when it may be parsed.
std::optional<Refusal> check_raw(std::string_view block);

// Errors: a Refusal with the status to answer.
boost::system::result<Admission, Refusal> request_guard(Head head, std::uint64_t max_body);

// "/a%20b" → "/a b". nullopt for dot segments, encoded slashes, backslashes, NUL, broken escapes, "//", and
// whatever else two readers could understand in two ways.
std::optional<std::string> decode_path(std::string_view raw);

[[noreturn]] void throw_exception_from_error(const Refusal& refusal, const boost::source_location& where);

}  // namespace cadenza::http
