// The lenses' tests, from a shared library, with lenses from another one. Not *.cc: it is no part of mutant_tests.
#include <gtest/gtest.h>

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  return RUN_ALL_TESTS();
}
