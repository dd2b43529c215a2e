#include "server/http/guard.hpp"

#include "shared/base/query.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace cadenza::http {
namespace {

constexpr std::string_view token_marks = "!#$%&'*+-.^_`|~";

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_alnum(c) || token_marks.find(c) != token_marks.npos;
    });
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 0x20);
    return out;
}

// host, host:port, 127.0.0.1:80, [::1]:80. Nothing else: no user info, no path, no empty port.
bool is_host(std::string_view text) {
    std::string_view port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == text.npos || close < 3) return false;
        const auto address = text.substr(1, close - 1);
        if (address.find_first_not_of("0123456789abcdefABCDEF:.") != address.npos) return false;
        port = text.substr(close + 1);
    } else {
        const auto colon = text.find(':');
        const auto name = text.substr(0, colon);
        const bool ok =
            !name.empty() && name.size() <= 253 &&
            std::all_of(name.begin(), name.end(), [](char c) { return is_alnum(c) || c == '-' || c == '.'; });
        if (!ok) return false;
        port = colon == text.npos ? std::string_view{} : text.substr(colon);
    }
    if (port.empty()) return true;
    if (port.front() != ':') return false;
    port.remove_prefix(1);
    std::uint16_t number{};
    const auto [stop, ec] = std::from_chars(port.data(), port.data() + port.size(), number);
    return ec == std::errc{} && stop == port.data() + port.size();
}

std::optional<Refusal> check_fields(const Head& head) {
    for (const auto& [name, value] : head.fields) {
        // Proxies and CGI-like servers fold '_' and '-' into one another; we accept only the one everybody
        // agrees on.
        if (!is_token(name) || name.find('_') != name.npos) return Refusal{400, "field name"};
        const bool clean = std::all_of(value.begin(), value.end(), [](char c) {
            const auto byte = static_cast<unsigned char>(c);
            return byte == '\t' || (byte >= 0x20 && byte < 0x7F);
        });
        if (!clean) return Refusal{400, "field value"};
    }
    if (head.fields.count("Host") != 1) return Refusal{400, "exactly one Host expected"};
    if (!is_host(*head.fields.find("Host"))) return Refusal{400, "Host"};
    for (const auto* single :
         {"Content-Length", "Content-Type", "Cookie", "Origin", "Authorization", "Expect", "X-Cadenza",
          "X-Cadenza-Account", "Sec-Fetch-Site", "Range", "If-None-Match"})
        if (head.fields.count(single) > 1) return Refusal{400, std::string(single) + " given twice"};
    return std::nullopt;
}

std::optional<Refusal> read_framing(const Head& head, std::uint64_t max_body, Admission& out) {
    const auto length = head.fields.find("Content-Length");
    if (head.fields.count("Transfer-Encoding") > 0) {
        if (head.version == 10) return Refusal{400, "Transfer-Encoding in HTTP/1.0"};
        if (length) return Refusal{400, "Transfer-Encoding with Content-Length"};
        if (head.fields.count("Transfer-Encoding") > 1) return Refusal{400, "Transfer-Encoding given twice"};
        const auto coding = lower(*head.fields.find("Transfer-Encoding"));
        if (coding != "chunked") return Refusal{coding.find("chunked") == 0 ? 400 : 501, "Transfer-Encoding"};
        out.chunked = true;
    } else if (length) {
        const auto* end = length->data() + length->size();
        const auto [stop, ec] = std::from_chars(length->data(), end, out.length);
        const bool digits = !length->empty() && length->find_first_not_of("0123456789") == length->npos;
        if (!digits || ec != std::errc{} || stop != end) return Refusal{400, "Content-Length"};
        if (out.length > max_body) return Refusal{413, "body too large"};
    }
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
        return c > 0x20 && c < 0x7F && c != '#' && c != '"' && c != '<' && c != '>' && c != '\\' &&
               c != '^' && c != '`' && c != '{' && c != '|' && c != '}';
    });
    if (!clean) return Refusal{400, "target"};
    const auto mark = target.find('?');
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

}  // namespace

std::optional<Refusal> check_raw(std::string_view block) {
    bool line_start = true;
    bool first_line = true;
    for (std::size_t i = 0; i < block.size(); ++i) {
        const auto c = static_cast<unsigned char>(block[i]);
        if (line_start && !first_line && (c == ' ' || c == '\t')) return Refusal{400, "folded field line"};
        line_start = false;
        if (c == '\r') {
            if (i + 1 >= block.size() || block[i + 1] != '\n') return Refusal{400, "bare carriage return"};
        } else if (c == '\n') {
            if (i == 0 || block[i - 1] != '\r') return Refusal{400, "bare line feed"};
            line_start = true;
            first_line = false;
        } else if ((c < 0x20 && c != '\t') || c == 0x7F) {
            return Refusal{400, "control character"};
        }
    }
    return std::nullopt;
}

std::optional<std::string> decode_path(std::string_view raw) {
    for (std::size_t i = 0; i + 2 < raw.size(); ++i) {
        if (raw[i] != '%') continue;
        const auto code = lower(raw.substr(i + 1, 2));
        if (code == "2f" || code == "5c" || code == "00" || code == "25" || code == "2e") return std::nullopt;
    }
    auto path = percent_decode(raw);
    if (!path || path->empty() || path->front() != '/') return std::nullopt;
    for (const char c : *path)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') return std::nullopt;
    std::string_view rest = *path;
    while (!rest.empty()) {
        rest.remove_prefix(1);  // '/'
        const auto slash = rest.find('/');
        const auto segment = rest.substr(0, slash);
        if (segment == "." || segment == ".." || (segment.empty() && slash != rest.npos)) return std::nullopt;
        rest.remove_prefix(slash == rest.npos ? rest.size() : slash);
    }
    return std::move(*path);
}

boost::system::result<Admission, Refusal> request_guard(const Head& head, std::uint64_t max_body) {
    Admission out;
    if (head.version != 10 && head.version != 11) return Refusal{505, "HTTP version"};
    const auto method = parse_method(head.method);
    if (!method) return Refusal{is_token(head.method) ? 501 : 400, "method"};
    out.request.method = *method;
    if (auto refusal = check_fields(head)) return *refusal;
    if (auto refusal = read_framing(head, max_body, out)) return *refusal;
    if (auto refusal = read_target(head, out.request)) return *refusal;
    if (auto refusal = read_expectation(head, out)) return *refusal;
    out.request.headers = head.fields;
    out.keep_alive = head.version == 11 && !wants_close(head);
    return out;
}

void throw_exception_from_error(const Refusal& refusal, const boost::source_location&) {
    throw std::logic_error("unchecked refusal: " + refusal.reason);
}

}  // namespace cadenza::http
