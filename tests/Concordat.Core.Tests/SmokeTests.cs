namespace Concordat.Core.Tests;
public class SmokeTests { [Fact] public void One_Is_One() => Assert.Equal(1, 1 * 1); }
