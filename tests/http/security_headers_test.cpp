#include "server/http/security_headers.hpp"

#include "tests/support/catch.hpp"

#include <set>

namespace cadenza::http {
namespace {

const SecurityPolicy spotify{.sdk_origin = "https://sdk.scdn.co", .art_origins = {"https://i.scdn.co"}};

std::string field(const Headers& headers, std::string_view name) {
    return std::string(headers.find(name).value_or("none"));
}

TEST_CASE("the page's policy is exactly this") {
    auto policy = spotify;
    CHECK(
        page_headers(policy) ==
        Headers{
            {"Content-Security-Policy",
             "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' https://sdk.scdn.co; style-src "
             "'self'; "
             "font-src 'self'; img-src 'self' data: https://i.scdn.co; connect-src 'self' https://i.scdn.co; "
             "frame-src https://sdk.scdn.co; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
             "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
             "trusted-types app default"},
            {"Permissions-Policy",
             "autoplay=(self \"https://sdk.scdn.co\"), encrypted-media=(self \"https://sdk.scdn.co\"), "
             "camera=(), microphone=(), geolocation=(), payment=(), usb=()"},
            {"Cross-Origin-Resource-Policy", "same-origin"},
            {"X-Content-Type-Options", "nosniff"},
            {"Referrer-Policy", "no-referrer"},
            {"Cross-Origin-Opener-Policy", "same-origin"},
            {"X-Frame-Options", "DENY"}});

    policy.backend_origin = "https://api.example.org";
    policy.sentry_origin = "https://o1.ingest.sentry.io";
    policy.art_origins.push_back("https://mosaic.scdn.co");
    const auto full = field(page_headers(policy), "Content-Security-Policy");
    CHECK(full.find(
              "; connect-src 'self' https://api.example.org https://o1.ingest.sentry.io https://i.scdn.co "
              "https://mosaic.scdn.co; ") != std::string::npos);
    CHECK(full.find("; img-src 'self' data: https://i.scdn.co https://mosaic.scdn.co; ") !=
          std::string::npos);
}

TEST_CASE("trusted types may be reported instead of enforced") {
    auto policy = spotify;
    policy.trusted_types = TrustedTypes::report;
    const auto headers = page_headers(policy);
    CHECK(field(headers, "Content-Security-Policy").find("trusted-types") == std::string::npos);
    CHECK(field(headers, "Content-Security-Policy").ends_with("; frame-ancestors 'none'"));
    CHECK(field(headers, "Content-Security-Policy-Report-Only") ==
          "require-trusted-types-for 'script'; trusted-types app default");
}

TEST_CASE("an API answer can be neither framed, stored nor sniffed") {
    CHECK(api_headers(spotify) ==
          Headers{{"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
                  {"Cross-Origin-Resource-Policy", "same-site"},
                  {"Cache-Control", "no-store"},
                  {"X-Content-Type-Options", "nosniff"},
                  {"Referrer-Policy", "no-referrer"},
                  {"Cross-Origin-Opener-Policy", "same-origin"},
                  {"X-Frame-Options", "DENY"}});
}

TEST_CASE("the worker may fetch what the page shows, and nothing else") {
    CHECK(field(worker_headers(spotify), "Content-Security-Policy") ==
          "default-src 'none'; script-src 'self'; connect-src 'self' https://i.scdn.co");
}

TEST_CASE("HSTS is sent over https only, for a year") {
    for (const auto& headers : {page_headers(spotify), worker_headers(spotify), api_headers(spotify)})
        CHECK(headers.count("Strict-Transport-Security") == 0);
    auto secure = spotify;
    secure.secure = true;
    for (const auto& headers : {page_headers(secure), worker_headers(secure), api_headers(secure)})
        CHECK(field(headers, "Strict-Transport-Security") == "max-age=31536000; includeSubDomains");
}

TEST_CASE("no policy allows what it must not") {
    auto policy = spotify;
    policy.trusted_types = TrustedTypes::report;
    for (const auto& headers :
         {page_headers(spotify), page_headers(policy), worker_headers(spotify), api_headers(spotify)}) {
        const auto csp = field(headers, "Content-Security-Policy");
        CHECK(csp.starts_with("default-src 'none'"));
        for (const auto* bad : {"unsafe-inline", "'unsafe-eval'", "*", "http:", "https:;", "blob:", "  "}) {
            CAPTURE(bad);
            CHECK(csp.find(bad) == std::string::npos);
        }
    }
}

TEST_CASE("the fingerprint changes with every part of the policy") {
    std::set<std::string> seen;
    const auto add = [&](auto&& change) {
        auto policy = spotify;
        change(policy);
        const auto print = fingerprint(policy);
        CHECK(print.size() == 16);
        CHECK(print.find_first_not_of("0123456789abcdef") == std::string::npos);
        CHECK(print == fingerprint(policy));
        seen.insert(print);
    };
    add([](SecurityPolicy&) {});
    add([](SecurityPolicy& policy) { policy.sdk_origin = "https://sdk.example"; });
    add([](SecurityPolicy& policy) { policy.art_origins = {}; });
    add([](SecurityPolicy& policy) { policy.art_origins.push_back("https://b.example"); });
    add([](SecurityPolicy& policy) { policy.backend_origin = "https://api.example.org"; });
    add([](SecurityPolicy& policy) { policy.sentry_origin = "https://sentry.example"; });
    add([](SecurityPolicy& policy) { policy.trusted_types = TrustedTypes::report; });
    add([](SecurityPolicy& policy) { policy.secure = true; });
    CHECK(seen.size() == 8);
}

}  // namespace
}  // namespace cadenza::http
