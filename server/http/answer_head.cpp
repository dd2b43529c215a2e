#include "server/http/answer_head.hpp"

#include <boost/beast/http/status.hpp>

#include <array>
#include <ctime>

namespace cadenza::http {
namespace {

namespace beast_http = boost::beast::http;

std::string_view reason_of(int status) {
    return beast_http::obsolete_reason(static_cast<beast_http::status>(status));
}

// "Tue, 24 Nov 2026 01:02:03 GMT", made once a second.
const std::string& http_date() {
    static std::time_t made = 0;
    static std::string text;
    const auto now = std::time(nullptr);
    if (now != made) {
        std::tm parts{};
        gmtime_r(&now, &parts);
        std::array<char, 64> out{};
        text.assign(out.data(), std::strftime(out.data(), out.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
        made = now;
    }
    return text;
}

// Most fit, and what is freed of up to 1,032 bytes, glibc keeps at hand.
constexpr std::size_t usual_head = 1'000;

}  // namespace

std::string render_head(const Response& response, bool keep_alive) {
    std::string out;
    out.reserve(usual_head);
    out += "HTTP/1.1 ";
    out.append(std::to_string(response.status)).append(" ").append(reason_of(response.status));
    out.append("\r\nDate: ").append(http_date()).append("\r\n");
    const auto add = [&](const Headers::Line& line) {
        const auto& [name, value] = line;
        if (value.find_first_of("\r\n") != value.npos) return;  // a bug of ours must not split an answer
        out.append(name).append(": ").append(value).append("\r\n");
    };
    for (const auto& line : response.headers) add(line);
    if (response.shared_headers) {
        for (const auto& line : *response.shared_headers)
            if (!response.headers.find(line.first)) add(line);
    }
    const bool bodiless = response.status == 204 || response.status == 304;
    if (!bodiless) out += "Content-Length: " + std::to_string(response.content().size()) + "\r\n";
    out += keep_alive ? "\r\n" : "Connection: close\r\n\r\n";
    return out;
}

}  // namespace cadenza::http
