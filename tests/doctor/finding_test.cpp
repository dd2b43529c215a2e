#include "server/doctor/finding.hpp"

#include "tests/support/catch.hpp"

namespace cadenza::server::doctor {

TEST_CASE("only failures are failures") {
    CHECK(all_well({}));
    CHECK(all_well({{"a", State::ok, "", ""}, {"b", State::warning, "", ""}, {"c", State::skipped, "", ""}}));
    CHECK_FALSE(all_well({{"a", State::ok, "", ""}, {"b", State::failed, "", ""}}));
}

TEST_CASE("settings that cannot be used are failures of that name") {
    const auto out = config_findings({{"PORT", "is no number"}, {"HOST", "is no address"}});
    REQUIRE(out.size() == 2);
    CHECK(out[0].check == "PORT");
    CHECK(out[0].state == State::failed);
    CHECK(out[0].what == "is no number");
    CHECK(out[1].check == "HOST");
}

TEST_CASE("findings as text and as JSON") {
    const Findings findings{{"redis", State::failed, "it \"hangs\"", "restart it"},
                            {"a", State::ok, "good", ""}};
    CHECK(as_text(findings) ==
          "failed   redis               it \"hangs\"\n"
          "         to do: restart it\n"
          "ok       a                   good\n"
          "1 failed, 0 warnings, 1 ok, 0 skipped\n");
    CHECK(
        as_json(findings, "1.2.3") ==
        R"({"ok":false,"version":"1.2.3","findings":[{"check":"redis","state":"failed","what":"it \"hangs\"",)"
        R"("todo":"restart it"},{"check":"a","state":"ok","what":"good","todo":""}]})");
}

}  // namespace cadenza::server::doctor
