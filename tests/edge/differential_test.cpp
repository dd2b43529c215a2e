// The same raw bytes to us, to nginx and to HAProxy, each of them before an origin of ours. Two dangers: that
// we take bytes for one number of requests which another takes for a different one, and that what a proxy
// forwards as so many requests reaches us as more.

#include "server/http/listener.hpp"
#include "tests/http/live_server.hpp"
#include "tests/http/raw_requests.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/program.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cadenza::http {
namespace {

using Statuses = std::vector<int>;

const Limits small{.body_bytes = 32UL * 1024};

// No echo: it would look like more answers.
asio::awaitable<Response> say_ok(Request) { co_return Response::text(200, "ok\n"); }

// A refusal closes the connection; what comes before it was taken.
bool accepted(const Statuses& statuses) {
    return !statuses.empty() &&
           std::all_of(statuses.begin(), statuses.end(), [](int status) { return status == 200; });
}

enum class End { says_so, waits };

Statuses statuses_of(std::uint16_t port, const RawRequest& row, End end = End::says_so) {
    Peer peer(port);
    peer.send(row.bytes);
    if (end == End::says_so) peer.finish();
    Statuses out;
    const bool head = row.bytes.starts_with("HEAD");
    auto text = peer.read_all();
    for (auto at = text.find("HTTP/1."); at != text.npos;) {
        // Proxies word bodies of their own and may cut them with the connection: only first lines count.
        if (text.size() >= at + 12) out.push_back(std::stoi(text.substr(at + 9, 3)));
        if (head) break;
        at = text.find("HTTP/1.", at + 12);
    }
    std::erase(out, 100);
    return out;
}

std::string nginx_settings(const TemporaryFolder& folder, std::uint16_t port, std::uint16_t origin) {
    const auto text = [](std::uint16_t number) { return std::to_string(number); };
    std::string temporary;
    for (const auto* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
        temporary += std::string(kind) + "_temp_path " + folder.path() + "/" + kind + ";\n";
    return "daemon off; master_process off; pid " + folder.path() + "/nginx.pid" + "; error_log " +
           folder.path() + "/nginx.log" + ";\nevents { worker_connections 256; }\nhttp {\naccess_log off;\n" +
           temporary +
           "client_header_timeout 2s; client_body_timeout 2s; keepalive_timeout 2s; "
           "large_client_header_buffers 4 32k;\n"
           "upstream origin { server 127.0.0.1:" +
           text(origin) + "; keepalive 4; }\nserver {\nlisten 127.0.0.1:" + text(port) +
           ";\nlocation / {\nproxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "
           "\"\";\n"
           "proxy_set_header Host $http_host; proxy_request_buffering off; proxy_ignore_client_abort "
           "on;\n}\n}\n}\n";
}

std::string haproxy_settings(std::uint16_t port, std::uint16_t origin) {
    return "global\n  maxconn 256\ndefaults\n  mode http\n  timeout connect 2s\n  timeout client 2s\n"
           "  timeout server 2s\n  timeout http-request 2s\n  timeout http-keep-alive 2s\n  option "
           "http-keep-alive\n"
           "  http-reuse always\nlisten edge\n  bind 127.0.0.1:" +
           std::to_string(port) + "\n  server origin 127.0.0.1:" + std::to_string(origin) + "\n";
}

// A proxy before an origin, which is our own listener.
struct Proxy {
    explicit Proxy(bool nginx) : origin({.limits = small}, say_ok), port(free_port()) {
        if (nginx)
            program.emplace(std::vector<std::string>{
                "nginx", "-e", folder.path() + "/nginx.log", "-p", folder.path() + "/", "-c",
                folder.write("nginx.conf", nginx_settings(folder, port, origin.port()))});
        else
            program.emplace(
                std::vector<std::string>{"haproxy", "-db", "-q", "-f",
                                         folder.write("haproxy.cfg", haproxy_settings(port, origin.port()))});
        REQUIRE(wait_until([&] {
            try {
                return accepted(statuses_of(port, {"", get("Connection: close\r\n"), {}}));
            } catch (const std::exception&) {
                return false;
            }
        }));
    }
    // What the origin was asked for since the last time.
    std::vector<Request> forwarded() {
        auto all = origin.requests();
        std::vector<Request> out(all.begin() + static_cast<std::ptrdiff_t>(seen), all.end());
        seen = all.size();
        return out;
    }

    TemporaryFolder folder;
    LiveServer origin;
    std::size_t seen{};
    std::uint16_t port;
    std::optional<Program> program;
};

using Names = std::set<std::string>;

// Rows that we accept and the proxy may refuse: it is stricter, which is no danger. nginx takes no blank but
// a space behind a coding and does not know the asterisk form; HAProxy mostly answers what is cut, we close
// without a word.
const std::map<std::string, Names> stricter{
    {"nginx", {"TE with a tab behind", "asterisk with OPTIONS"}},
    {"haproxy", {"a request and half of one"}},
};
// Rows after whose first request we close and the proxies read on: they keep HTTP/1.0 connections for those
// who ask.
const Names read_on{"nothing follows HTTP/1.0"};

// Gives how many rows we accepted; those that the proxy did not go into `refused`.
std::size_t compare(const std::string& name, Proxy& proxy, LiveServer& ours, Names& refused) {
    std::size_t compared = 0;
    for (const auto* rows : {&framings(), &heads()})
        for (const auto& row : *rows) {
            CAPTURE(name, row.name);
            const auto mine = statuses_of(ours.port(), row);
            auto theirs = statuses_of(proxy.port, row);
            auto forwarded = proxy.forwarded();
            if (accepted(mine) && accepted(theirs) && theirs.size() < mine.size()) {
                // It may have stopped because it saw us say goodbye: once more, until its own patience ends.
                theirs = statuses_of(proxy.port, row, End::waits);
                forwarded = proxy.forwarded();
            }
            CAPTURE(mine, theirs, forwarded.size());
            // What it took for so many requests reached the origin as no more.
            CHECK(forwarded.size() <= theirs.size());
            if (!accepted(mine)) continue;
            ++compared;
            if (!accepted(theirs)) {
                refused.insert(row.name);
            } else if (read_on.contains(row.name)) {
                CHECK(mine.size() <= theirs.size());
                continue;
            } else {
                CHECK(mine.size() == theirs.size());
            }
            // Nothing that we take for a body is a request to the proxy.
            for (const auto& request : forwarded) CHECK(request.path != "/smuggled");
        }
    return compared;
}

}  // namespace

TEST_CASE("no bytes are one number of requests to us and another to a proxy") {
    const auto nginx = GENERATE(true, false);
    const std::string name = nginx ? "nginx" : "haproxy";
    Proxy proxy(nginx);
    LiveServer ours({.limits = small}, say_ok);
    Names refused;
    CHECK(compare(name, proxy, ours, refused) >= 35);
    CHECK(proxy.seen > 60);
    for (const auto& row : refused) {
        CAPTURE(name, row);
        CHECK(stricter.at(name).contains(row));
    }
}

}  // namespace cadenza::http
