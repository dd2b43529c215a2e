#include "server/spotify/cool_down_file.hpp"

#include "server/base/state_folder.hpp"
#include "server/spotify/allowance.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/process.hpp"
#include "tests/support/run.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <vector>

namespace cadenza::server {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t now = 1'700'000'000'000;
constexpr CoolDown quota{now + 40'000'000, true};

struct Machine {
    TemporaryFolder temporary;
    std::string folder = temporary.path() + "/state/cadenza";
    std::vector<std::string> lines;
    Log log{Level::info, LogFormat::json, [this](std::string_view line) { lines.emplace_back(line); }};

    CoolDownFile file(const std::string& id = "id", const std::string& api = "https://api/v1") {
        return {folder, id, api, log};
    }
    std::vector<fs::path> files() const { return {fs::directory_iterator(folder), fs::directory_iterator()}; }
    void write(const std::string& text) const { std::ofstream(files().at(0)) << text; }
    long logged(const std::string& event) const {
        return std::count_if(lines.begin(), lines.end(),
                             [&](const auto& line) { return line.find(event) != line.npos; });
    }
};

unsigned mode_of(const fs::path& path) {
    struct stat what{};
    REQUIRE(::stat(path.c_str(), &what) == 0);
    return what.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a cool-down is there after a restart, for its app and its Spotify") {
    Machine machine;
    CHECK_FALSE(machine.file().read(now));
    machine.file().write(quota, now);
    CHECK(machine.file().read(now + 1'000) == quota);
    CHECK_FALSE(machine.file("other").read(now));
    CHECK_FALSE(machine.file("id", "https://other/v1").read(now));
    CHECK(machine.lines.empty());
}

TEST_CASE("of two cool-downs the later stays in the file") {
    Machine machine;
    auto file = machine.file();
    auto other = machine.file();
    file.write({now + 19'000, false}, now);
    CHECK(file.read(now) == CoolDown{now + 19'000, false});
    other.write(quota, now);
    file.write({now + 19'500, false}, now);
    CHECK(file.read(now) == quota);
    CHECK(machine.files().size() == 1);
}

TEST_CASE("what no restart outlives, or is hardly news, is not written") {
    Machine machine;
    auto file = machine.file();
    file.write({now + 9'999, true}, now);
    CHECK(machine.files().empty());
    file.write({now + 10'000, true}, now);
    file.write({now + 11'000, true}, now);
    CHECK(file.read(now) == CoolDown{now + 10'000, true});
    file.write({now + 11'001, true}, now);
    CHECK(file.read(now) == CoolDown{now + 11'001, true});
}

TEST_CASE("processes of one machine hear of a cool-down from each other") {
    Machine machine;
    std::int64_t time = now;
    const Clock clock = [&] { return time; };
    boost::asio::io_context context;
    Allowance first(context.get_executor(), clock, machine.log, 0, nullptr);
    Allowance second(context.get_executor(), clock, machine.log, 0, nullptr);
    first.keep_in(std::make_shared<CoolDownFile>(machine.file()));
    second.keep_in(std::make_shared<CoolDownFile>(machine.file()));
    const auto admitted = [&](Allowance& one) { return run(one.admit(Priority::interactive)).has_value(); };
    CHECK(admitted(second));
    first.cool_down({.status = 429, .headers = {{"Retry-After", "3600"}}, .body = {}});
    time += 1'000;
    CHECK_FALSE(admitted(second));
    CHECK(second.cooling() == first.cooling());
    time += 3'600'000;
    CHECK(admitted(second));
    CHECK(machine.logged("\"spotify_cool_down\"") == 2);
}

TEST_CASE("what is no cool-down is told once, not at every look") {
    Machine machine;
    auto file = machine.file();
    file.write(quota, now);
    machine.write("nonsense");
    CHECK_FALSE(file.read(now));
    CHECK_FALSE(file.read(now));
    CHECK(machine.logged("\"state_ignored\"") == 1);
}

TEST_CASE("the file is its owner's, and says kind and time only") {
    Machine machine;
    machine.file("some-client-id").write(quota, now);
    CHECK(mode_of(machine.folder) == 0700);
    CHECK(mode_of(machine.temporary.path() + "/state") == 0700);
    REQUIRE(machine.files().size() == 1);
    const auto path = machine.files()[0];
    CHECK(mode_of(path) == 0600);
    CHECK(path.filename().string().starts_with("cool-down-"));
    CHECK(path.string().find("some-client-id") == std::string::npos);
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    CHECK(text.str() == "quota " + std::to_string(quota.until) + "\n");
}

TEST_CASE("what is no cool-down is ignored, told, and written over") {
    Machine machine;
    machine.file().write(quota, now);
    const auto good = "quota " + std::to_string(quota.until);
    const auto day = std::to_string(now + longest_cool_down_ms);
    const auto beyond = std::to_string(now + longest_cool_down_ms + 1);
    long ignored = 0;
    const std::vector<std::string> broken{"",
                                          "quota",
                                          "quota soon",
                                          "secret 1700000000000",
                                          good + " ",
                                          good + "\n\n",
                                          " " + good,
                                          "quota " + beyond,
                                          "quota 99999999999999999999",
                                          std::string(1'000, '1')};
    for (const auto& text : broken) {
        CAPTURE(text);
        machine.write(text);
        CHECK_FALSE(machine.file().read(now));
        CHECK(machine.logged("\"state_ignored\"") == ++ignored);
    }
    machine.write("quota " + day);
    CHECK(machine.file().read(now) == CoolDown{now + longest_cool_down_ms, true});
    machine.write("nonsense");
    machine.file().write(quota, now);
    CHECK(machine.file().read(now) == quota);
}

TEST_CASE("no link is followed to a cool-down, and a pipe is not waited for") {
    Machine machine;
    machine.file().write(quota, now);
    const auto path = machine.files()[0];
    const auto elsewhere = machine.temporary.write("elsewhere", "quota " + std::to_string(quota.until));
    fs::remove(path);
    fs::create_symlink(elsewhere, path);
    CHECK_FALSE(machine.file().read(now));
    fs::remove(path);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK_FALSE(machine.file().read(now));
    fs::remove(path);
    fs::create_directory(path);
    CHECK_FALSE(machine.file().read(now));
    CHECK(machine.logged("\"state_ignored\"") == 3);
    machine.file().write(quota, now);  // a folder cannot be replaced
    CHECK(machine.logged("\"state_not_kept\"") == 1);
    CHECK(machine.files().size() == 1);
}

TEST_CASE("a folder that cannot be used is told once, and nothing fails") {
    Machine machine;
    machine.folder = machine.temporary.write("a-file", "") + "/below";
    auto file = machine.file();
    CHECK(machine.logged("\"state_not_kept\"") == 1);
    CHECK(machine.logged("a-file/below: Not a directory") == 1);
    file.write(quota, now);
    file.write({quota.until + 2'000, true}, now);
    CHECK_FALSE(file.read(now));
    CHECK(machine.logged("\"state_not_kept\"") == 1);
}

TEST_CASE("whether a folder can be made is told without making it") {
    Machine machine;
    CHECK(check_state_folder(machine.folder));
    CHECK_FALSE(fs::exists(machine.folder));
    CHECK(make_state_folder(machine.folder));
    CHECK(make_state_folder(machine.folder));
    CHECK(check_state_folder(machine.folder));
    const auto file = machine.temporary.write("a-file", "");
    for (const auto& bad : std::vector{file, file + "/below"}) {
        CHECK_FALSE(check_state_folder(bad));
        CHECK_FALSE(make_state_folder(bad));
    }
    CHECK(check_state_folder(file).error().detail == file + ": Not a directory");
}

}  // namespace cadenza::server
