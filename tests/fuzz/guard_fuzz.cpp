// Bytes of a connection → the request that is let through, and the route that answers it.
#include "server/http/listener.hpp"
#include "server/http/request_parser.hpp"
#include "server/http/router.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/http/raw_requests.hpp"

#include <algorithm>

namespace cadenza::fuzz {
namespace {

using namespace cadenza::http;

const Limits limits{.header_bytes = 4096, .header_fields = 20, .target_bytes = 1024, .body_bytes = 4096};

void check_framing(const Admission& admission) {
    const auto& fields = admission.request.headers;
    const auto lengths = fields.count("Content-Length");
    const auto codings = fields.count("Transfer-Encoding");
    require(lengths + codings <= 1, "one framing");
    require(admission.chunked == (codings == 1), "chunked is said and kept");
    require(!admission.chunked || admission.length == 0, "a length or chunks");
    require(admission.length <= limits.body_bytes, "a body within its limit");
}

void check_fields(const Request& request) {
    require(request.headers.count("Host") == 1, "one Host");
    require(request.headers.count("Cookie") <= 1, "at most one Cookie");
    for (const auto& [name, value] : request.headers) {
        require(!name.empty() && name.find_first_of(" \t\r\n:_") == name.npos, "a clean field name");
        require(std::none_of(value.begin(), value.end(),
                             [](char c) { return c != '\t' && (c < 0x20 || c == 0x7F); }),
                "a clean field value");
    }
}

void check_path(const std::string& path) {
    require(path == "*" || path.starts_with('/'), "a path from the root");
    require(("/" + path + "/").find("/../") == path.npos, "no way up");
    require(path.find_first_of(std::string_view("\\\0\r\n", 4)) == path.npos, "a clean path");
}

void check_route(const Request& request) {
    Router router;
    router.add(Method::get, "/ok");
    router.add(Method::post, "/ok");
    router.add(Method::get, "/api/albums/{id}/tracks");
    router.add(Method::put, "/{any}");
    const auto found = router.find(request.method, request.path);
    if (const auto* match = std::get_if<Router::Match>(&found))
        for (const auto& [name, value] : match->parameters)
            require(!name.empty() && value.find('/') == value.npos, "a parameter is one segment");
    if (const auto* wrong = std::get_if<Router::WrongMethod>(&found))
        require(!wrong->allow.empty(), "another method is named");
}

void run(std::string_view input) {
    std::string rest(input);
    std::size_t searched = 0;
    const auto block = take_block(rest, searched, limits);
    if (!block || !*block) return;
    require((*block)->size() + rest.size() == input.size(), "nothing is lost");
    const auto head = parse_head(**block, limits);
    if (!head) return;
    const auto admission = request_guard(*head, limits.body_bytes);
    if (!admission) return;
    check_framing(*admission);
    check_fields(admission->request);
    check_path(admission->request.path);
    check_route(admission->request);
    if (!admission->chunked) return;
    ChunkReader reader(**block, limits);
    const auto before = rest.size();
    if (reader.take(rest) || !reader.done()) return;
    require(reader.release().size() <= std::min(before, limits.body_bytes), "a body of its own bytes");
}

std::vector<std::string> seeds() {
    std::vector<std::string> out;
    for (const auto* rows : {&framings(), &heads()})
        for (const auto& row : *rows)
            if (row.bytes.size() < 1024) out.push_back(row.bytes);
    return out;
}

const Registration registration({"guard", run, seeds});

}  // namespace
}  // namespace cadenza::fuzz
