#include "server/open_files.hpp"

#include "tests/edge/served.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace cadenza::server {
namespace {

rlimit limit_of(pid_t pid) {
    rlimit out{};
    REQUIRE(::prlimit(pid, RLIMIT_NOFILE, nullptr, &out) == 0);
    return out;
}

// What this process starts with now, until the end of the test: as after `ulimit -Sn`.
class SoftLimit {
public:
    explicit SoftLimit(rlim_t soft) : before_(limit_of(0)) { set({soft, before_.rlim_max}); }
    ~SoftLimit() { set(before_); }
    SoftLimit(const SoftLimit&) = delete;
    SoftLimit& operator=(const SoftLimit&) = delete;

    static void set(const rlimit& limit) { ::setrlimit(RLIMIT_NOFILE, &limit); }

private:
    rlimit before_;
};

// What a process logs that needs as many as 500 connections want, 564.
std::string said_with(rlim_t soft, rlim_t hard) {
    const Program program([&] {
        SoftLimit::set({soft, hard});
        raise_open_files(500, Log(Level::debug, LogFormat::json, [](std::string_view line) {
                             if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) std::abort();
                         }));
        return 0;
    });
    return program.first_line();
}

}  // namespace

TEST_CASE("the soft limit becomes what is wanted, within the hard one, and never less") {
    CHECK(soft_limit_for(10'064, 1'024, 20'000) == 10'064);
    CHECK(soft_limit_for(10'064, 1'024, 4'096) == 4'096);
    CHECK(soft_limit_for(10'064, 16'384, 16'384) == 16'384);
    CHECK(soft_limit_for(10'064, 1'024, RLIM_INFINITY) == 10'064);
    CHECK(soft_limit_for(10'064, RLIM_INFINITY, RLIM_INFINITY) == RLIM_INFINITY);
}

TEST_CASE("a server and its workers may open a file for each connection") {
    const SoftLimit low(100);
    const Served served({{"LIMIT_CONNECTIONS", "500"}});
    REQUIRE_FALSE(served.program.first_line().empty());
    CHECK(limit_of(served.program.pid()).rlim_cur == 564);
    const auto workers = served.workers();
    CHECK(workers.size() == 2);
    for (const auto pid : workers) CHECK(limit_of(pid).rlim_cur == 564);
}

TEST_CASE("only a hard limit that is too low is logged") {
    CHECK(said_with(100, 564).empty());
    CHECK(said_with(564, 564).empty());
    const auto line = said_with(100, 200);
    CHECK(line.find("open_files_short") != line.npos);
    CHECK(line.find(R"("may_open":200,"wanted":564)") != line.npos);
}

}  // namespace cadenza::server
