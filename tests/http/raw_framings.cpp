#include "tests/http/raw_requests.hpp"

namespace cadenza::http {
namespace {

using namespace std::string_literals;

const std::string smuggled_size = std::to_string(smuggled.size());

std::string chunk(const std::string& data) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto size = data.size();
    return std::string{hex[size >> 4 & 0xF], hex[size & 0xF]} + "\r\n" + data + "\r\n";
}

}  // namespace

const std::vector<RawRequest>& framings() {
    static const std::string chunked = "Transfer-Encoding: chunked\r\n";
    static const std::string length = "Content-Length: " + smuggled_size + "\r\n";
    static const std::string whole = chunk(smuggled) + "0\r\n\r\n";
    static const std::vector<RawRequest> rows{
        {"TE gzip", post("Transfer-Encoding: gzip\r\n"), {501}},
        {"TE identity", post("Transfer-Encoding: identity\r\n"), {501}},
        {"TE deflate with chunks", post("Transfer-Encoding: deflate\r\n", whole), {501}},
        {"TE xchunked", post("Transfer-Encoding: xchunked\r\n", whole), {501}},
        {"TE chunkedx", post("Transfer-Encoding: chunkedx\r\n", whole), {400}},
        {"TE chunked, gzip", post("Transfer-Encoding: chunked, gzip\r\n", whole), {400}},
        {"TE gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n", whole), {501}},
        {"TE chunked, chunked", post("Transfer-Encoding: chunked, chunked\r\n", whole), {400}},
        {"TE chunked;q=1", post("Transfer-Encoding: chunked;q=1\r\n", whole), {400}},
        {"TE quoted", post("Transfer-Encoding: \"chunked\"\r\n", whole), {501}},
        {"TE empty", post("Transfer-Encoding:\r\n", whole), {501}},
        {"TE with a comma before", post("Transfer-Encoding: , chunked\r\n", whole), {501}},
        {"TE with a comma behind", post("Transfer-Encoding: chunked,\r\n", whole), {400}},
        {"TE with a tab behind", post("Transfer-Encoding: chunked\t\r\n", whole), {200}},
        {"TE with NUL behind", post("Transfer-Encoding: chunked\0\r\n"s, whole), {400}},
        {"TE with a no-break space",
         post("Transfer-Encoding: \xA0"
              "chunked\r\n",
              whole),
         {400}},
        {"TE trailers", post("Transfer-Encoding: trailers\r\n", whole), {501}},
        {"TE behind a bare CR", post("X: y\rTransfer-Encoding: chunked\r\n", whole), {400}},
        {"TE behind a bare LF", post("X: y\nTransfer-Encoding: chunked\r\n", whole), {400}},
        {"TE twice", post(chunked + chunked, whole), {400}},
        {"TE chunked and gzip on two lines", post(chunked + "Transfer-Encoding: gzip\r\n", whole), {400}},
        {"TE gzip and chunked on two lines", post("Transfer-Encoding: gzip\r\n" + chunked, whole), {400}},
        {"TE gzip, then CL", post("Transfer-Encoding: gzip\r\n" + length), {400}},
        {"CL, then TE gzip", post(length + "Transfer-Encoding: gzip\r\n"), {400}},
        {"TE chunked, then CL", post(chunked + length, whole), {400}},
        {"CL, then TE chunked", post(length + chunked, whole), {400}},
        {"CL 0, then TE chunked", post("Content-Length: 0\r\n" + chunked, whole), {400}},
        {"TE chunked on HTTP/1.0", "POST /ok HTTP/1.0\r\nHost: h\r\n" + chunked + "\r\n" + whole, {400}},
        {"space before the colon of TE", post("Transfer-Encoding : chunked\r\n", whole), {400}},
        {"TE with a vertical tab", post("Transfer-Encoding:\vchunked\r\n", whole), {400}},
        {"TE folded", post("Transfer-Encoding:\r\n chunked\r\n", whole), {400}},
        {"Transfer_Encoding", post("Transfer_Encoding: chunked\r\n", whole), {400}},
        {"CL twice, equal", post(length + length), {400}},
        {"CL twice, different", post("Content-Length: 0\r\n" + length), {400}},
        {"CL as a list", post("Content-Length: " + smuggled_size + ", " + smuggled_size + "\r\n"), {400}},
        {"CL with a plus", post("Content-Length: +" + smuggled_size + "\r\n"), {400}},
        {"CL with a minus", post("Content-Length: -" + smuggled_size + "\r\n"), {400}},
        {"CL with a comma behind", post("Content-Length: " + smuggled_size + ",\r\n"), {400}},
        {"CL with a semicolon", post("Content-Length: " + smuggled_size + ";\r\n"), {400}},
        {"CL with NUL behind", post("Content-Length: " + smuggled_size + "\0\r\n"s), {400}},
        {"CL with quotes", post("Content-Length: \"" + smuggled_size + "\"\r\n"), {400}},
        {"CL with an exponent", post("Content-Length: 3e1\r\n"), {400}},
        {"CL below zero by overflow", post("Content-Length: -18446744073709551581\r\n"), {400}},
        {"Content_Length", post("Content_Length: " + smuggled_size + "\r\n"), {400}},
        {"CL of a request that says it expects to wait", post("Expect: 100-continue\r\n" + length), {200}},
        {"CL in hex", post("Content-Length: 0x23\r\n"), {400}},
        {"CL with a fraction", post("Content-Length: 35.0\r\n"), {400}},
        {"CL empty", post("Content-Length:\r\n"), {400}},
        {"CL with a space within", post("Content-Length: 3 5\r\n"), {400}},
        {"CL over 64 bits", post("Content-Length: 18446744073709551651\r\n"), {400}},
        {"CL of 64 bits", post("Content-Length: 18446744073709551615\r\n"), {413}},
        {"CL folded", post("Content-Length:\r\n " + smuggled_size + "\r\n"), {400}},
        {"space before the colon of CL", post("Content-Length : " + smuggled_size + "\r\n"), {400}},
        {"GET with a body", get(length) + smuggled, {400}},
        {"GET with chunks", get(chunked) + whole, {400}},
        {"HEAD with a body", "HEAD /ok HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + smuggled, {400}},
        {"OPTIONS with a body", "OPTIONS /ok HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + smuggled, {400}},
        {"chunk size with a plus", post(chunked, "+23\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size with a minus", post(chunked, "-23\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size with 0x", post(chunked, "0x23\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size with a space before", post(chunked, " 23\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size of 17 digits",
         post(chunked, "10000000000000023\r\n" + smuggled + "\r\n0\r\n\r\n"),
         {400}},
        {"chunk size with a space behind", post(chunked, "23 \r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size with a tab behind", post(chunked, "23\t\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size with an underscore", post(chunked, "2_3\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size that is no number", post(chunked, "G\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size before a bare CR", post(chunked, "23\r" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"a last chunk that is not", post(chunked, "-0\r\n\r\n"), {400}},
        {"a last chunk before a bare LF", post(chunked, "0\n\n"), {400}},
        {"chunk size missing", post(chunked, "\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size before a bare LF", post(chunked, "23\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk size too small", post(chunked, "22\r\n" + smuggled + "\r\n0\r\n\r\n"), {400}},
        {"chunk longer than it says", post(chunked, "1\r\nab\r\n0\r\n\r\n"), {400}},
        {"chunk ended by a bare LF", post(chunked, "1\r\na\n0\r\n\r\n"), {400}},
        {"chunk extension with a bare LF", post(chunked, "1;a\nb\r\na\r\n0\r\n\r\n"), {400}},
        {"chunk extension with NUL", post(chunked, "1;a\0\r\na\r\n0\r\n\r\n"s), {400}},
        {"64 KB of chunk extension",
         post(chunked, "1;" + std::string(64 * 1024, 'x') + "\r\na\r\n0\r\n\r\n"),
         {400}},
        {"64 KB of chunk extensions",
         post(chunked, repeated(64, "1;" + std::string(1024, 'x') + "\r\na\r\n") + "0\r\n\r\n"),
         {400}},
        {"64 KB of trailers",
         post(chunked, "1\r\na\r\n0\r\n" + repeated(1024, "X: " + std::string(59, 'x') + "\r\n") + "\r\n"),
         {400}},
        {"a trailer with a bare LF", post(chunked, "0\r\nX: 1\nY: 2\r\n\r\n"), {400}},
        {"chunks above the limit",
         post(chunked, repeated(40, "400\r\n" + std::string(1024, 'x') + "\r\n") + "0\r\n\r\n"),
         {413}},
        {"CL above the limit", post("Content-Length: 32769\r\n", std::string(32769, 'x')), {413}},
        {"a cut body", post(length, "GET"), {400}},
        {"cut chunks", post(chunked, "23\r\nGET"), {400}},
        {"chunks without the last one", post(chunked, chunk(smuggled)), {400}},

        {"a body by length", post(length), {200}},
        {"a body in one chunk", post(chunked, whole), {200}},
        {"a body in chunks of one byte",
         post(chunked, "1\r\nG\r\n1;x=y\r\nE\r\n2\r\nT \r\n0\r\n\r\n"),
         {200}},
        {"TE in capitals", post("TRANSFER-ENCODING: Chunked\r\n", whole), {200}},
        {"CL with leading zeros", post("Content-Length: 00" + smuggled_size + "\r\n"), {200}},
        {"CL with spaces around", post("Content-Length:  " + smuggled_size + " \r\n"), {200}},
        {"GET with CL 0", get("Content-Length: 0\r\n"), {200}},
        {"DELETE with a body", "DELETE /ok HTTP/1.1\r\nHost: h\r\n" + length + "\r\n" + smuggled, {200}},
        {"POST without a length", post("", ""), {200}},
        {"trailers", post(chunked, chunk(smuggled) + "0\r\nCookie: sid=stolen\r\nX: y\r\n\r\n"), {200}},
        {"two requests, the first with a body", post(length) + get(""), {200, 200}},
        {"two requests, the first in chunks", post(chunked, whole) + get(""), {200, 200}},
    };
    return rows;
}

}  // namespace cadenza::http
