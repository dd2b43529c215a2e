#include "server/http/guard.hpp"

#include "server/base/ascii.hpp"
#include "shared/base/query.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

namespace cadenza::http {
namespace {

using server::lower;

constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alnum(c) || token_marks.find(c) != token_marks.npos;
    });
}

bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 253 &&
           std::all_of(text.begin(), text.end(), [](char c) { return is_alnum(c) || c == '-' || c == '.'; });
}

// "[::1]"
bool is_bracketed(std::string_view text) {
    return text.size() >= 4 && text.starts_with('[') && text.ends_with(']') &&
           text.substr(1, text.size() - 2).find_first_not_of("0123456789abcdefABCDEF:.") == text.npos;
}

// ":80"
bool is_port(std::string_view text) {
    if (!text.starts_with(':')) return false;
    std::uint16_t number{};
    const auto* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data() + 1, end, number);
    return ec == std::errc{} && stop == end;
}

// host, host:port, 127.0.0.1:80, [::1]:80. Nothing else: no user info, no path, no empty port.
bool is_host(std::string_view text) {
    const auto bracket = text.find(']');
    const auto colon = text.find(':', bracket == text.npos ? 0 : bracket);
    const auto host = text.substr(0, colon);
    return (is_name(host) || is_bracketed(host)) && (colon == text.npos || is_port(text.substr(colon)));
}

// What a field's value is made of, and of which check_raw() has nothing to say.
constexpr std::array<bool, 256> value_bytes = [] {
    std::array<bool, 256> out{};
    for (std::size_t c = 0x20; c < 0x7F; ++c) out[c] = true;
    out['\t'] = true;
    return out;
}();
bool is_value_byte(char c) { return value_bytes[static_cast<unsigned char>(c)]; }

std::optional<Refusal> check_fields(const Head& head) {
    for (const auto& [name, value] : head.fields) {
        // Proxies and CGI-like servers fold '_' and '-' into one another; we accept only the one everybody
        // agrees on.
        if (!is_token(name) || name.find('_') != name.npos) return Refusal{400, "field name"};
        if (!std::all_of(value.begin(), value.end(), is_value_byte)) return Refusal{400, "field value"};
    }
    const auto host = head.fields.find("Host");
    if (!host || head.fields.count("Host") != 1) return Refusal{400, "exactly one Host expected"};
    if (!is_host(*host)) return Refusal{400, "Host"};
    for (const auto* single :
         {"Content-Length", "Content-Type", "Cookie", "Origin", "Authorization", "Expect", "X-Cadenza",
          "X-Cadenza-Account", "Sec-Fetch-Site", "Range", "If-None-Match"})
        if (head.fields.count(single) > 1) return Refusal{400, std::string(single) + " given twice"};
    return std::nullopt;
}

std::optional<Refusal> check_coding(const Head& head, std::string_view coding) {
    if (head.version == 10) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
    if (head.fields.count("Content-Length") > 0) return Refusal{400, "Transfer-Encoding with Content-Length"};
    if (head.fields.count("Transfer-Encoding") > 1) return Refusal{400, "Transfer-Encoding given twice"};
    const auto name = lower(coding);
    if (name == "chunked") return std::nullopt;
    return Refusal{name.starts_with("chunked") ? 400 : 501, "Transfer-Encoding"};
}

std::optional<Refusal> read_length(std::string_view text, std::uint64_t max_body, std::uint64_t& out) {
    const auto* begin = text.data();
    const auto* end = begin + text.size();
    const auto [stop, ec] = std::from_chars(begin, end, out);
    const bool digits = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
    if (!digits || ec != std::errc{} || stop != end) return Refusal{400, "Content-Length"};
    if (out > max_body) return Refusal{413, "body too large"};
    return std::nullopt;
}

std::optional<Refusal> read_framing(const Head& head, std::uint64_t max_body, Admission& out) {
    std::optional<Refusal> refusal;
    if (const auto coding = head.fields.find("Transfer-Encoding")) {
        refusal = check_coding(head, *coding);
        out.chunked = true;
    } else if (const auto length = head.fields.find("Content-Length")) {
        refusal = read_length(*length, max_body, out.length);
    }
    if (refusal) return refusal;
    const bool has_body = out.chunked || out.length > 0;
    if (has_body && (head.method == "GET" || head.method == "HEAD" || head.method == "OPTIONS"))
        return Refusal{400, "a body with " + head.method};
    return std::nullopt;
}

std::optional<Refusal> read_target(const Head& head, Request& out) {
    const std::string_view target = head.target;
    if (target == "*" && out.method == Method::options) {
        out.path = "*";
        return std::nullopt;
    }
    if (!target.starts_with('/')) return Refusal{400, "only origin-form targets"};
    const bool clean = std::all_of(target.begin(), target.end(), [](char c) {
        return c > 0x20 && c < 0x7F && c != '#' && c != '"' && c != '<' && c != '>' && c != '\\';
    });
    if (!clean) return Refusal{400, "target"};
    const auto mark = target.find('?');
    // Browsers escape these in a path, but send them as they are in a query.
    if (target.substr(0, mark).find_first_of("^`{|}") != target.npos) return Refusal{400, "path"};
    auto path = decode_path(target.substr(0, mark));
    if (!path) return Refusal{400, "path"};
    out.path = std::move(*path);
    out.query = mark == target.npos ? "" : target.substr(mark + 1);
    return std::nullopt;
}

std::optional<Refusal> read_expectation(const Head& head, Admission& out) {
    const auto expect = head.fields.find("Expect");
    if (!expect) return std::nullopt;
    if (lower(*expect) != "100-continue") return Refusal{417, "Expect"};
    out.expects_continue = head.version == 11;
    return std::nullopt;
}

bool wants_close(const Head& head) {
    for (const auto& [name, value] : head.fields)
        if (lower(name) == "connection" && lower(value).find("close") != std::string::npos) return true;
    return false;
}

// Escapes that one reader decodes and another does not: / \\ NUL % .
bool has_doubtful_escape(std::string_view raw) {
    for (auto at = raw.find('%'); at != raw.npos; at = raw.find('%', at + 1)) {
        const auto code = lower(raw.substr(at + 1, 2));
        if (code == "2f" || code == "5c" || code == "00" || code == "25" || code == "2e") return true;
    }
    return false;
}

// "/a/../b", "/./a", "//a"; a slash at the end is fine.
bool has_doubtful_segment(std::string_view path) {
    while (!path.empty()) {
        path.remove_prefix(1);  // '/'
        const auto slash = path.find('/');
        const auto segment = path.substr(0, slash);
        if (segment == "." || segment == ".." || (segment.empty() && slash != path.npos)) return true;
        path.remove_prefix(slash == path.npos ? path.size() : slash);
    }
    return false;
}

}  // namespace

std::optional<Refusal> check_raw(std::string_view block) {
    for (std::size_t i = 0; i < block.size(); ++i) {
        if (is_value_byte(block[i])) continue;
        const auto c = static_cast<unsigned char>(block[i]);
        const char next = i + 1 < block.size() ? block[i + 1] : '\0';
        if (c == '\r' && next != '\n') return Refusal{400, "bare carriage return"};
        if (c == '\n' && (i == 0 || block[i - 1] != '\r')) return Refusal{400, "bare line feed"};
        if (c == '\n' && (next == ' ' || next == '\t')) return Refusal{400, "folded field line"};
        const bool control = c < 0x20 || c == 0x7F;
        if (control && c != '\r' && c != '\n' && c != '\t') return Refusal{400, "control character"};
    }
    return std::nullopt;
}

std::optional<std::string> decode_path(std::string_view raw) {
    if (has_doubtful_escape(raw)) return std::nullopt;
    auto path = percent_decode(raw);
    if (!path || !path->starts_with('/') || has_doubtful_segment(*path)) return std::nullopt;
    const bool clean = std::all_of(path->begin(), path->end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F && c != '\\';
    });
    if (!clean) return std::nullopt;
    return std::move(*path);
}

boost::system::result<Admission, Refusal> request_guard(Head head, std::uint64_t max_body) {
    Admission out;
    if (head.version != 10 && head.version != 11) return Refusal{505, "HTTP version"};
    const auto method = parse_method(head.method);
    if (!method) return Refusal{is_token(head.method) ? 501 : 400, "method"};
    out.request.method = *method;
    if (auto refusal = check_fields(head)) return *refusal;
    if (auto refusal = read_framing(head, max_body, out)) return *refusal;
    if (auto refusal = read_target(head, out.request)) return *refusal;
    if (auto refusal = read_expectation(head, out)) return *refusal;
    out.keep_alive = head.version == 11 && !wants_close(head);
    out.request.headers = std::move(head.fields);
    return out;
}

void throw_exception_from_error(const Refusal& refusal, const boost::source_location&) {
    throw std::logic_error("unchecked refusal: " + refusal.reason);
}

}  // namespace cadenza::http
