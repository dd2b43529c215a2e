#include "server/base/trace.hpp"

#include "server/base/ascii.hpp"
#include "server/base/crypto.hpp"

namespace cadenza::server {
namespace {

constexpr std::string_view digits = "0123456789abcdef";
constexpr std::size_t whole = 55;  // 00-<32>-<16>-<2>

bool is_hex(std::string_view text) { return text.find_first_not_of(digits) == text.npos; }
bool is_id(std::string_view text) { return is_hex(text) && text.find_first_not_of('0') != text.npos; }

}  // namespace

std::optional<TraceParent> parse_traceparent(std::string_view value) {
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    while (value.ends_with(' ') || value.ends_with('\t')) value.remove_suffix(1);
    if (value.size() < whole) return std::nullopt;
    const auto version = value.substr(0, 2);
    if (!is_hex(version) || version == "ff") return std::nullopt;
    // A later version may say more, after another dash.
    if (value.size() > whole && (version == "00" || value[whole] != '-')) return std::nullopt;
    const auto trace_id = value.substr(3, 32);
    const auto parent_id = value.substr(36, 16);
    const auto flags = value.substr(53, 2);
    const bool dashes = value[2] == '-' && value[35] == '-' && value[52] == '-';
    if (!dashes || !is_id(trace_id) || !is_id(parent_id) || !is_hex(flags)) return std::nullopt;
    return TraceParent{std::string(trace_id), std::string(parent_id), digits.find(flags[1]) % 2 == 1};
}

Trace continue_trace(std::optional<std::string_view> traceparent) {
    const auto random = hex(random_bytes(24));
    const auto parent = traceparent ? parse_traceparent(*traceparent) : std::nullopt;
    return {parent ? parent->trace_id : random.substr(0, 32), random.substr(32)};
}

}  // namespace cadenza::server
