// Answers from upstream, and the head we would write with their fields.
// Input: a byte that says where the bytes are cut, then the answer.
#include "server/http/answer_head.hpp"
#include "server/http/client_answer.hpp"
#include "server/spotify/failure.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace cadenza::fuzz {
namespace {

using namespace cadenza::http;

std::optional<ClientResponse> read(std::string_view bytes, std::size_t cut) {
    Client::Options options;
    options.max_header = 4096;
    options.max_body = 4096;
    AnswerReader reader(Method::get, options);
    for (const auto part : {bytes.substr(0, cut), bytes.substr(cut)})
        if (!reader.done() && !reader.take(part)) return std::nullopt;
    if (!reader.done() && !reader.finish()) return std::nullopt;
    return reader.release();
}

void check_head(const ClientResponse& answer) {
    Response response{.status = 200, .headers = answer.headers, .body = answer.body};
    const auto head = render_head(response, true);
    const auto lines = std::count(head.begin(), head.end(), '\n');
    const auto fields = std::distance(answer.headers.begin(), answer.headers.end());
    require(lines <= fields + 4, "a line a field");  // status, Date, Content-Length, the blank one
    require(head.find("\r\n\r\n") == head.size() - 4, "one end of the head");
}

// What people are told of a refusal is ours, whatever upstream wrote.
void check_failure(const ClientResponse& answer) {
    const auto failure = server::failure_of(answer);
    require(!failure.detail.empty() && failure.detail.size() < 200, "a sentence");
    require(std::all_of(failure.detail.begin(), failure.detail.end(),
                        [](char c) { return c >= ' ' && c < 0x7F; }),
            "a sentence of ours");
}

void run(std::string_view input) {
    const auto cut = take_byte(input);
    const auto answer = read(input, input.size());
    const auto again = read(input, input.empty() ? 0 : cut % input.size());
    require(answer.has_value() == again.has_value(), "the same wherever it is cut");
    if (!answer) return;
    require(
        answer->status == again->status && answer->headers == again->headers && answer->body == again->body,
        "the same wherever it is cut");
    require(answer->status >= 200 && answer->status <= 999, "a final status");
    require(answer->body.size() <= 4096, "a body within its limit");
    for (const auto& [name, value] : answer->headers)
        require(!name.empty() && value.find_first_of("\r\n") == value.npos, "a field is one line");
    check_head(*answer);
    check_failure(*answer);
}

const Registration registration({"answer", run});

}  // namespace
}  // namespace cadenza::fuzz
