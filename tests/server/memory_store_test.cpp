// What is particular to sessions in memory.

#include "server/session/memory_session_store.hpp"
#include "tests/server/store_rig.hpp"

namespace cadenza::server {
namespace {

Secret create(MemorySessionStore& store, const std::string& account, std::int64_t now) {
    return *run(store.create(session_of(account), now));
}

bool is_there(MemorySessionStore& store, const Secret& ticket, std::int64_t now) {
    return run(store.find(ticket, now))->has_value();
}

}  // namespace

TEST_CASE("memory is bounded: the one unused for longest goes") {
    std::vector<std::string> ends;
    MemorySessionStore store({.capacity = 3, .per_account = 2, .on_end = [&](std::string_view reason) {
                                  ends.emplace_back(reason);
                              }});
    const auto anna = create(store, "anna", 0);
    const auto bert = create(store, "bert", 0);
    (void)create(store, "cleo", 0);
    (void)is_there(store, anna, 1);
    const auto dora = create(store, "dora", 1);
    CHECK(is_there(store, anna, 2));
    CHECK_FALSE(is_there(store, bert, 2));
    (void)create(store, "dora", 2);
    (void)create(store, "dora", 2);
    CHECK_FALSE(is_there(store, dora, 3));
    CHECK(store.size() <= 3);
    CHECK(ends == std::vector<std::string>(3, "evicted"));
    REQUIRE(run(store.erase_account("dora")));
    CHECK(ends.size() == 3);  // which others ended
}

TEST_CASE("what is over takes no memory") {
    std::vector<std::string> ends;
    MemorySessionStore store({.lifetimes = {std::chrono::seconds(2), std::chrono::seconds(5)},
                              .on_end = [&](std::string_view reason) { ends.emplace_back(reason); }});
    const auto anna = create(store, "anna", 0);
    CHECK_FALSE(is_there(store, anna, 2'000));
    CHECK(store.size() == 0);
    (void)create(store, "anna", 0);
    (void)create(store, "bert", 9'000);
    CHECK(store.size() == 1);
    CHECK(ends == std::vector<std::string>(2, "expired"));
}

}  // namespace cadenza::server
