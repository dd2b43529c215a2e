#pragma once

// One answer off the bytes of a connection, without the connection.

#include "server/http/client.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace cadenza::http {

class AnswerReader {
public:
    // `method` is the request's: an answer to HEAD has no body.
    AnswerReader(Method method, const Client::Options& options);
    ~AnswerReader();
    AnswerReader(const AnswerReader&) = delete;
    AnswerReader& operator=(const AnswerReader&) = delete;

    // Interim answers (100, 103) are read over. Errors: upstream_failed.
    Status take(std::string_view bytes);
    // The peer closed: whether that was the answer's end.
    bool finish();

    bool done() const noexcept { return done_; }
    // Whether another request may follow: nothing came behind the answer, and it does not say otherwise.
    bool keep_alive() const;
    ClientResponse release();

private:
    struct Parser;
    void begin();

    Method method_;
    Client::Options options_;
    std::unique_ptr<Parser> parser_;
    std::string pending_;
    int interim_{};
    bool done_{};
};

}  // namespace cadenza::http
