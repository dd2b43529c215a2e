// Does one wrong thing on purpose, so that a build without live sanitizers fails its tests.
#include <cstdio>
#include <limits>
#include <memory>
#include <string_view>

int main(int argc, char** argv) {
    const std::string_view kind = argc > 1 ? argv[1] : "";
    volatile int one = 1;
    if (kind == "heap") {
        const auto values = std::make_unique<int[]>(4);
        std::printf("%d\n", values[static_cast<std::size_t>(3 + one)]);
    } else if (kind == "signed") {
        std::printf("%d\n", std::numeric_limits<int>::max() + one);
    } else if (kind == "freed") {
        auto owner = std::make_unique<int>(one);
        const int* left = owner.get();
        owner.reset();
        std::printf("%d\n", *left);
    }
    std::puts("survived");  // a report alone is not enough: the program must have been stopped
    return 0;
}
