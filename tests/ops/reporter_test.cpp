// Against a Sentry on a real socket that answers as the real one does, and checks what it gets line by line.
#include "server/sentry/reporter.hpp"

#include "tests/http/scripted_server.hpp"
#include "tests/support/catch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include <map>
#include <sstream>

namespace cadenza::sentry {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::json;

const std::string accepted =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

std::string answer(const std::string& status, const std::string& fields) {
    return "HTTP/1.1 " + status + "\r\n" + fields + "Content-Length: 0\r\n\r\n";
}

// What Sentry understood of a request. Fails the test on whatever it would refuse.
struct Received {
    Json event;  // null when there was none
    std::map<std::string, int> discarded;
};

Received read_envelope(const std::string& request) {
    CAPTURE(request);
    const auto end = request.find("\r\n\r\n");
    REQUIRE(end != std::string::npos);
    const auto head = request.substr(0, end + 2);
    CHECK(head.starts_with("POST /api/42/envelope/ HTTP/1.1\r\n"));
    CHECK(head.find("\r\nContent-Type: application/x-sentry-envelope\r\n") != std::string::npos);
    CHECK(
        head.find("\r\nX-Sentry-Auth: Sentry sentry_version=7, sentry_key=abc123, sentry_client=cadenza/") !=
        std::string::npos);
    CHECK(head.find("\r\nUser-Agent: cadenza/") != std::string::npos);
    CHECK(head.find("Cookie") == std::string::npos);

    Received out;
    std::string_view body = std::string_view(request).substr(end + 4);
    const auto line = [&] {
        const auto size = body.find('\n');
        REQUIRE(size != body.npos);
        const auto text = body.substr(0, size);
        body.remove_prefix(size + 1);
        return Json::parse(text);
    };
    const auto header = line();
    CHECK(header.contains("sent_at"));
    while (!body.empty()) {
        const auto item = line();
        const auto length = item.at("length").get<std::size_t>();
        REQUIRE(body.size() > length);
        const auto payload = Json::parse(body.substr(0, length));
        REQUIRE(body[length] == '\n');
        body.remove_prefix(length + 1);
        if (item.at("type") == "event") {
            CHECK(length <= 200'000);
            CHECK(payload.at("event_id") == header.at("event_id"));
            out.event = payload;
        } else {
            REQUIRE(item.at("type") == "client_report");
            for (const auto& one : payload.at("discarded_events")) {
                CHECK(one.at("category") == "error");
                out.discarded[one.at("reason")] = one.at("quantity");
            }
        }
    }
    return out;
}

class Reporting {
public:
    explicit Reporting(std::vector<http::Script> scripts, std::size_t most_waiting = 100)
        : sentry(std::move(scripts)) {
        Reporter::Options options;
        options.dsn = *parse_dsn("http://abc123@" + sentry.origin().substr(7) + "/42");
        options.origin = {"cadenza@test", "test"};
        options.most_waiting = most_waiting;
        options.send_timeout = timeout;
        options.on_trouble = [this](int status) { troubles.push_back(status); };
        reporter.emplace(context.get_executor(), client, [this] { return now; }, std::move(options));
    }
    void error(const std::string& what) { reporter->capture("bug", {{"what", what}}); }
    // Lets everything happen until so many requests have come.
    std::vector<Received> received(std::size_t count) {
        const auto end = std::chrono::steady_clock::now() + 10s;
        while (sentry.requests().size() < count && std::chrono::steady_clock::now() < end) step();
        REQUIRE(sentry.requests().size() == count);
        std::vector<Received> out;
        for (const auto& request : sentry.requests()) out.push_back(read_envelope(request));
        return out;
    }
    void flush(std::chrono::milliseconds time) {
        bool done = false;
        asio::co_spawn(context, reporter->flush(time), [&](const std::exception_ptr&) { done = true; });
        const auto end = std::chrono::steady_clock::now() + 10s;
        while (!done && std::chrono::steady_clock::now() < end) step();
        REQUIRE(done);
    }
    void step() {
        context.restart();
        context.run_for(2ms);
    }

    static constexpr auto timeout = 1'000ms;
    http::ScriptedServer sentry;
    asio::io_context context{1};
    asio::ssl::context tls{asio::ssl::context::tls_client};
    http::Client client{context.get_executor(), tls};
    std::int64_t now{1'790'000'000'000};
    std::vector<int> troubles;
    std::optional<Reporter> reporter;
};

std::vector<std::string> accepting(std::size_t count) { return std::vector(count, accepted); }

TEST_CASE("an error is sent in the background as an envelope") {
    Reporting reporting({{accepting(1)}});
    reporting.error("vector is empty");
    const auto received = reporting.received(1);
    CHECK(received[0].event["message"]["formatted"] == "bug");
    CHECK(received[0].event["extra"]["what"] == "vector is empty");
    CHECK(received[0].discarded.empty());
}

TEST_CASE("the same trouble is told once a minute, and how often it came") {
    Reporting reporting({{accepting(3)}});
    for (int i = 0; i < 5; ++i) reporting.error("again");
    reporting.error("another");
    reporting.flush(5s);
    auto received = reporting.received(2);
    CHECK(received[0].event["extra"]["what"] == "again");
    CHECK(received[1].event["extra"]["what"] == "another");
    CHECK((received[0].discarded["event_processor"] + received[1].discarded["event_processor"]) == 4);
    reporting.now += 60'001;
    reporting.error("again");
    CHECK(reporting.received(3)[2].event["extra"]["what"] == "again");
}

TEST_CASE("when too many wait, the oldest make room and are reported") {
    Reporting reporting({{accepting(4)}}, 3);
    reporting.error("number a");
    reporting.received(1);
    for (int i = 1; i < 10; ++i) reporting.error("number " + std::string(1, static_cast<char>('a' + i)));
    reporting.flush(5s);
    const auto received = reporting.received(4);
    CHECK(received[0].event["extra"]["what"] == "number a");
    CHECK(received[1].event["extra"]["what"] == "number h");
    CHECK(received[2].event["extra"]["what"] == "number i");
    CHECK(received[3].event["extra"]["what"] == "number j");
    CHECK(received[1].discarded == std::map<std::string, int>{{"queue_overflow", 6}});
}

TEST_CASE("429 is obeyed for its time, and what it cost is reported afterwards") {
    Reporting reporting({{{answer("429 Too Many Requests", "Retry-After: 30\r\n"), accepted}}});
    reporting.error("first");
    reporting.flush(5s);
    reporting.received(1);
    reporting.error("second");
    reporting.now += 29'999;
    reporting.error("third");
    reporting.flush(5s);
    reporting.received(1);
    reporting.now += 1;
    reporting.error("fourth");
    const auto received = reporting.received(2);
    CHECK(received[1].event["extra"]["what"] == "fourth");
    // Sentry counted the first itself.
    CHECK(received[1].discarded == std::map<std::string, int>{{"ratelimit_backoff", 2}});
    CHECK(reporting.troubles == std::vector<int>{429});
}

TEST_CASE("a limit that comes with a good answer is obeyed as well") {
    Reporting reporting(
        {{{answer("200 OK", "X-Sentry-Rate-Limits: 60:transaction:key, 10:error:organization\r\n"), accepted,
           accepted}}});
    reporting.error("first");
    reporting.error("waits already");
    reporting.flush(5s);
    // What is no error may still be sent: the report.
    const auto limited = reporting.received(2);
    CHECK(limited[1].event.is_null());
    CHECK(limited[1].discarded == std::map<std::string, int>{{"ratelimit_backoff", 1}});
    CHECK(reporting.troubles.empty());
    reporting.now += 10'000;
    reporting.error("later");
    CHECK(reporting.received(3)[2].event["extra"]["what"] == "later");
}

TEST_CASE("a Sentry that refuses or fails loses events, and is told of once") {
    Reporting reporting({{{answer("400 Bad Request", ""), answer("503 Unavailable", ""), accepted}}});
    reporting.error("first");
    reporting.error("second");
    reporting.error("third");
    reporting.flush(5s);
    const auto received = reporting.received(3);
    CHECK(received[2].discarded == std::map<std::string, int>{{"send_error", 2}});
    CHECK(reporting.troubles == std::vector<int>{400});
}

TEST_CASE("a Sentry that is not there holds nobody up") {
    Reporting reporting({{{}, true}});  // takes the request and says nothing
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 200; ++i) reporting.error("number " + std::to_string(i));
    CHECK(std::chrono::steady_clock::now() - began < 1s);
    reporting.flush(300ms);
    CHECK(std::chrono::steady_clock::now() - began < Reporting::timeout);
}

TEST_CASE("flushing with nothing to tell ends at once") {
    Reporting reporting({});
    reporting.flush(5s);
    CHECK(reporting.sentry.requests().empty());
}

TEST_CASE("secrets in an error do not leave") {
    Reporting reporting({{accepting(1)}});
    reporting.reporter->capture("bug", {{"what", "Cookie: sid=zzTop99 GET /auth/callback?code=SeCrEt"},
                                        {"authorization", "Bearer mine"}});
    reporting.received(1);
    const auto request = reporting.sentry.requests()[0];
    for (const auto* secret : {"zzTop99", "SeCrEt", "mine"}) {
        CAPTURE(secret);
        CHECK(request.find(secret) == std::string::npos);
    }
}

TEST_CASE("a reporter that ends while it sends is not missed") {
    Reporting reporting({{accepting(1)}});
    reporting.error("last words");
    reporting.reporter.reset();
    for (int i = 0; i < 20; ++i) reporting.step();
    CHECK(reporting.sentry.requests().size() <= 1);
}

}  // namespace
}  // namespace cadenza::sentry
