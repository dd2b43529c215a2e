// Edits: each is applied once, however often and whenever it is sent.

#include "server/routes/applied_edits.hpp"
#include "tests/server/harness.hpp"
#include "tests/support/plain_redis.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/run.hpp"

namespace cadenza::server {
namespace {

const std::string some_track = "spotify:track:0000000000000000000001";

std::string edit_json(const std::string& id, const std::string& kind, const std::string& uri = some_track) {
    return "{\"id\":\"" + id + "\",\"change\":{\"" + kind + "\":{\"uri\":\"" + uri + "\"}}}";
}

bool is_edit(const http::ClientRequest& request) {
    return request.target.find("/me/library?uris=") != std::string::npos;
}

// In Spotify's place.
auto answer_edits(const int& status) {
    return [&status](const http::ClientRequest& request) -> std::optional<http::ClientResponse> {
        if (!is_edit(request)) return std::nullopt;
        return http::ClientResponse{status, {}, ""};
    };
}

long edits_sent(const Harness& server) {
    return std::count_if(server.upstream.begin(), server.upstream.end(), is_edit);
}

std::vector<http::ClientRequest> twice(const Harness& server, const std::string& body) {
    return std::vector<http::ClientRequest>(2, {.method = Method::post,
                                                .origin = server.config.own_origin,
                                                .target = "/api/edits",
                                                .headers = server.post_fields(),
                                                .body = body});
}

asio::awaitable<bool> forget(AppliedEdits& edits, std::string account) {
    co_await edits.forget(std::move(account));
    co_return true;
}

asio::awaitable<http::Outcome<void>> count_up(int& calls) {
    ++calls;
    co_return boost::system::in_place_value;
}

}  // namespace

TEST_CASE("an edit is applied once however often it is sent") {
    Harness server;
    server.sign_in();
    const auto uri =
        "spotify:track:" + decode<TrackPage>(server.get("/api/top/tracks?limit=1").body)->items[0].id.str();
    const auto edit = [&](const std::string& id, const char* kind) {
        return server
            .post("/api/edits",
                  "{\"id\":\"" + id + "\",\"change\":{\"" + kind + "\":{\"uri\":\"" + uri + "\"}}}")
            .status;
    };
    const auto saved = [&]() -> bool {
        return decode<Contains>(server.get("/api/library/contains?uris=" + uri).body)->saved[0];
    };
    CHECK(edit("edit-0001", "like") == 204);
    CHECK(saved());
    CHECK(edit("edit-0002", "unlike") == 204);
    CHECK_FALSE(saved());
    CHECK(edit("edit-0001", "like") == 204);
    CHECK_FALSE(saved());
}

TEST_CASE("an edit sent twice at once is applied once, and both hear how it went") {
    Harness server;
    server.sign_in();
    int status = 200;
    server.intercept = answer_edits(status);
    const auto body = edit_json("edit-0001", "like");
    CHECK(server.at_once(twice(server, body)) == std::vector{204, 204});
    CHECK(edits_sent(server) == 1);
}

TEST_CASE("an edit that failed is not taken for applied, by nobody who sent it") {
    Harness server;
    server.sign_in();
    int status = 502;
    server.intercept = answer_edits(status);
    const auto body = edit_json("edit-0001", "like");
    CHECK(server.at_once(twice(server, body)) == std::vector{502, 502});
    CHECK(edits_sent(server) == 1);

    status = 200;
    CHECK(server.post("/api/edits", body).status == 204);
    CHECK(edits_sent(server) == 2);
    CHECK(server.post("/api/edits", body).status == 204);
    CHECK(edits_sent(server) == 2);
}

TEST_CASE("disconnecting forgets which edits were applied") {
    Harness server;
    server.sign_in();
    int status = 200;
    server.intercept = answer_edits(status);
    CHECK(server.post("/api/edits", edit_json("edit-0001", "like")).status == 204);
    CHECK(server.post("/auth/disconnect").status == 204);
    server.sign_in();
    CHECK(server.post("/api/edits", edit_json("edit-0001", "like")).status == 204);
    CHECK(edits_sent(server) == 2);
}

TEST_CASE("an edit sent again to another process is not applied again") {
    RedisServer redis_server;
    PlainRedis redis(redis_server.socket());
    asio::io_context context(1);
    const Clock clock = [] { return std::int64_t{1}; };
    AppliedEdits one(context.get_executor(), &redis, clock);
    int calls = 0;
    const auto apply = [&](AppliedEdits& edits, const std::string& account, const std::string& id) {
        REQUIRE(run(context, edits.once(account, id, [&calls] { return count_up(calls); })).has_value());
    };
    apply(one, "anna", "edit-1");
    {
        AppliedEdits other(context.get_executor(), &redis, clock);
        apply(other, "anna", "edit-1");
        CHECK(calls == 1);
        apply(other, "bert", "edit-1");
        apply(other, "anna", "edit-2");
        CHECK(calls == 3);
        // Out of reach it stops nobody, and each still knows its own.
        redis.out = true;
        apply(other, "anna", "edit-3");
        apply(other, "anna", "edit-3");
        CHECK(calls == 4);
        redis.out = false;
    }
    CHECK(redis.send({"PTTL", "cadenza:1:edits:anna"})->integer > 29LL * 24 * 3'600'000);
    for (int i = 0; i < 1'005; ++i) apply(one, "cleo", "edit-" + std::to_string(i));
    CHECK(redis.send({"ZCARD", "cadenza:1:edits:cleo"})->integer == 1'000);
    run(context, forget(one, "anna"));
    AppliedEdits third(context.get_executor(), &redis, clock);
    calls = 0;
    apply(third, "anna", "edit-1");
    apply(third, "bert", "edit-1");
    CHECK(calls == 1);
}

TEST_CASE("what is remembered of edits is bounded, by account") {
    asio::io_context context(1);
    const Clock clock = [] { return std::int64_t{1}; };
    AppliedEdits edits(context.get_executor(), nullptr, clock, {.accounts = 2, .edits = 2});
    int calls = 0;
    const auto apply = [&](const std::string& account, const std::string& id) {
        REQUIRE(run(context, edits.once(account, id, [&calls] { return count_up(calls); })).has_value());
    };
    apply("anna", "1");
    apply("anna", "1");
    apply("bert", "1");
    CHECK(calls == 2);
    apply("anna", "2");
    apply("anna", "3");
    CHECK_FALSE(edits.contains("anna", "1"));
    CHECK(edits.contains("anna", "2"));
    CHECK(edits.contains("bert", "1"));
    apply("cleo", "1");
    CHECK_FALSE(edits.contains("bert", "1"));  // unused for longest
    CHECK(edits.contains("anna", "3"));
    run(context, forget(edits, "anna"));
    CHECK_FALSE(edits.contains("anna", "3"));
    CHECK(edits.contains("cleo", "1"));
}

}  // namespace cadenza::server
