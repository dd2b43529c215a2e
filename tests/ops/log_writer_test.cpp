// Real pipes: read, not read, and closed by the reader.
#include "server/base/log_writer.hpp"

#include "tests/http/live_server.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace cadenza::server {
namespace {

using namespace std::chrono_literals;

class Pipe {
public:
    Pipe() { REQUIRE(::pipe2(ends_.data(), O_CLOEXEC) == 0); }
    ~Pipe() {
        close_reader();
        close_writer();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;

    int writer() const { return ends_[1]; }
    void close_reader() { close(ends_[0]); }
    void close_writer() { close(ends_[1]); }
    // All until the writer's end is closed.
    std::string read_all() const {
        std::string out;
        std::array<char, 4096> chunk{};
        for (;;) {
            const auto size = ::read(ends_[0], chunk.data(), chunk.size());
            if (size <= 0) return out;
            out.append(chunk.data(), static_cast<std::size_t>(size));
        }
    }

private:
    static void close(int& end) {
        if (end >= 0) ::close(end);
        end = -1;
    }
    std::array<int, 2> ends_{-1, -1};
};

LogWriter::Options told(std::size_t most_bytes = 1UL << 20) {
    LogWriter::Options options;
    options.most_bytes = most_bytes;
    options.flush_time = 200ms;
    options.lost_line = [](std::uint64_t lost) { return "lost " + std::to_string(lost) + "\n"; };
    return options;
}

TEST_CASE("lines arrive whole and in order, the last ones too") {
    Pipe pipe;
    std::string got;
    std::thread reader([&] { got = pipe.read_all(); });
    std::string sent;
    {
        LogWriter writer(pipe.writer(), told());
        for (int i = 0; i < 2'000; ++i) {
            const auto line =
                "line " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 90), '.') + "\n";
            writer.write(line);
            sent += line;
        }
        CHECK(writer.lost() == 0);
    }
    pipe.close_writer();
    reader.join();
    CHECK(got == sent);
}

TEST_CASE("a pipe nobody reads stops nobody, and what was lost is told once somebody does") {
    Pipe pipe;
    std::string got;
    std::thread reader;
    const std::string line = std::string(999, 'x') + "\n";
    constexpr std::uint64_t count = 5'000;  // 5 MB, where pipe and queue hold less than 200 KB
    std::uint64_t lost = 0;
    {
        LogWriter writer(pipe.writer(), told(100'000));
        const auto began = std::chrono::steady_clock::now();
        for (std::uint64_t i = 0; i < count; ++i) writer.write(line);
        CHECK(std::chrono::steady_clock::now() - began < 2s);
        lost = writer.lost();
        CHECK(lost > count / 2);
        reader = std::thread([&] { got = pipe.read_all(); });
    }
    pipe.close_writer();
    reader.join();
    // Nothing is cut, and every line is there or counted.
    std::uint64_t arrived = 0;
    std::uint64_t told_of = 0;
    for (std::size_t at = 0; at < got.size();) {
        const auto end = got.find('\n', at) + 1;
        REQUIRE(end != 0);
        const auto one = got.substr(at, end - at);
        at = end;
        if (one.starts_with("lost "))
            told_of += std::stoull(one.substr(5));
        else if (one == line)
            ++arrived;
        else
            FAIL("cut: " << one.substr(0, 80));
    }
    CHECK(told_of == lost);
    CHECK(arrived + lost == count);
}

TEST_CASE("the end does not wait for a reader that does not come") {
    Pipe pipe;
    const auto began = std::chrono::steady_clock::now();
    {
        LogWriter writer(pipe.writer(), told());
        for (int i = 0; i < 500; ++i) writer.write(std::string(999, 'x') + "\n");
    }
    const auto took = std::chrono::steady_clock::now() - began;
    CHECK(took >= 200ms);
    CHECK(took < 2s);
}

TEST_CASE("a reader that leaves costs its lines, not the process") {
    Pipe pipe;
    pipe.close_reader();
    LogWriter writer(pipe.writer(), told());
    writer.write("first\n");
    CHECK(http::wait_until([&] { return writer.lost() == 1; }));
    writer.write("second\n");
    CHECK(http::wait_until([&] { return writer.lost() == 2; }));
}

}  // namespace
}  // namespace cadenza::server
