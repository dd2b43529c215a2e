#include "server/http/client_answer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

namespace cadenza::http {
namespace {

namespace beast_http = boost::beast::http;
constexpr int max_interim = 16;
constexpr unsigned first_final = 200;

}  // namespace

struct AnswerReader::Parser : beast_http::response_parser<beast_http::string_body> {};

AnswerReader::AnswerReader(Method method, const Client::Options& options)
    : method_(method), options_(options) {
    begin();
}

AnswerReader::~AnswerReader() = default;

void AnswerReader::begin() {
    parser_ = std::make_unique<Parser>();
    parser_->eager(true);
    parser_->header_limit(static_cast<std::uint32_t>(options_.max_header));
    parser_->body_limit(options_.max_body);
    if (method_ == Method::head) parser_->skip(true);
}

Status AnswerReader::take(std::string_view bytes) {
    // Only what the parser left over, the beginning of a line, is copied.
    const auto joined = pending_.empty() ? std::string() : pending_.append(bytes);
    auto rest = joined.empty() ? bytes : std::string_view(joined);
    while (!done_) {
        boost::system::error_code ec;
        if (!rest.empty()) rest.remove_prefix(parser_->put(asio::buffer(rest), ec));
        if (ec && ec != beast_http::error::need_more)
            return Error{Errc::upstream_failed, "read: " + ec.message()};
        if (!parser_->is_done()) break;
        done_ = parser_->get().result_int() >= first_final;
        if (done_) break;
        if (++interim_ > max_interim) return Error{Errc::upstream_failed, "read: too many interim answers"};
        begin();
    }
    pending_ = rest;
    return {};
}

bool AnswerReader::finish() {
    boost::system::error_code ec;
    if (parser_->got_some()) parser_->put_eof(ec);
    done_ = !ec && parser_->is_done() && parser_->get().result_int() >= first_final;
    return done_;
}

bool AnswerReader::keep_alive() const { return parser_->keep_alive() && pending_.empty(); }

ClientResponse AnswerReader::release() {
    auto message = parser_->release();
    ClientResponse response{.status = static_cast<int>(message.result_int()),
                            .body = std::move(message.body())};
    for (const auto& field : message)
        response.headers.add(std::string(field.name_string()), std::string(field.value()));
    return response;
}

}  // namespace cadenza::http
