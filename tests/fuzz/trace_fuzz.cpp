// The traceparent field: https://www.w3.org/TR/trace-context/#traceparent-header
#include "server/base/trace.hpp"
#include "tests/fuzz/target.hpp"

namespace cadenza::fuzz {
namespace {

using namespace cadenza::server;

bool is_id(std::string_view text, std::size_t size) {
    return text.size() == size && text.find_first_not_of("0123456789abcdef") == text.npos &&
           text.find_first_not_of('0') != text.npos;
}

void run(std::string_view input) {
    const auto parent = parse_traceparent(input);
    const auto trace = continue_trace(input);
    require(is_id(trace.trace_id, 32) && is_id(trace.span_id, 16), "a trace, whatever was sent");
    if (!parent) return;
    require(is_id(parent->trace_id, 32) && is_id(parent->parent_id, 16), "ids of hex digits, not all zero");
    require(trace.trace_id == parent->trace_id, "the caller's trace goes on");
    require(trace.span_id != parent->parent_id, "in a span of ours");

    const auto ids = parent->trace_id + "-" + parent->parent_id;
    const auto at = input.find(ids);
    require(at != input.npos && at >= 3 && input.substr(at - 3, 2) != "ff" && input[at - 1] == '-',
            "the ids stand where a version puts them");
    const auto written = "00-" + ids + (parent->sampled ? "-01" : "-00");
    require(parse_traceparent(written) == parent, "written again, the same");
}

const Registration registration({"trace", run});

}  // namespace
}  // namespace cadenza::fuzz
