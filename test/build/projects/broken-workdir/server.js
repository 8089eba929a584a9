console.log("high water at six");
