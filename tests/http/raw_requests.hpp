#pragma once

// Raw requests and what must come of them.

#include <string>
#include <vector>

namespace cadenza::http {

struct RawRequest {
    std::string name;
    std::string bytes;
    std::vector<int> statuses;  // of the answers, in order; empty: closed without one
};

// What a body would do if it were taken for the next request.
inline const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n";

// A POST with these field lines and `body` as it stands.
inline std::string post(const std::string& fields, const std::string& body = smuggled) {
    return "POST /ok HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}
inline std::string get(const std::string& fields) {
    return "GET /ok HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

inline std::string repeated(int count, const std::string& text) {
    std::string out;
    for (int i = 0; i < count; ++i) out += text;
    return out;
}

// Where a body ends. Bodies are `smuggled` where they can be; the limit for bodies is 32 KB.
const std::vector<RawRequest>& framings();
// Everything before the body.
const std::vector<RawRequest>& heads();

}  // namespace cadenza::http
