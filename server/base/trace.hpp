#pragma once

// W3C Trace Context: a request belongs to the trace its caller names, or begins one. For our own logs only;
// nothing of it goes to Spotify. https://www.w3.org/TR/trace-context/

#include <optional>
#include <string>
#include <string_view>

namespace cadenza::server {

struct TraceParent {
    std::string trace_id;   // 32 hex digits
    std::string parent_id;  // 16
    bool sampled{};

    bool operator==(const TraceParent&) const = default;
};

// The value of a traceparent field. nullopt for whatever is not one: it is dropped, never mended.
std::optional<TraceParent> parse_traceparent(std::string_view value);

// Where this server is in a trace.
struct Trace {
    std::string trace_id;
    std::string span_id;  // ours, new
};
// `traceparent` as the request has it, or nothing.
Trace continue_trace(std::optional<std::string_view> traceparent);

}  // namespace cadenza::server
